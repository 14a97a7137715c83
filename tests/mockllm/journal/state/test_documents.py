"""Documents come and go, and the oldest make room."""

from pathlib import Path

import pytest

from mockllm.journal import Store
from mockllm.journal.state import Documents
from mockllm.journal.state import documents as module
from mockllm.journal.state.documents import Document


def test_parts_go_with_their_owner_and_scopes_are_apart(tmp_path: Path) -> None:
    mine = Documents(Store(str(tmp_path / "state")))
    yours = mine.of("yours")
    mine.put([Document("a", "1", b"x"), Document("b", "2", b"y", owner="1")])
    yours.put([Document("a", "1", b"z")])
    assert (mine.get("a", "1"), yours.get("a", "1"), yours.get("b", "2")) == (b"x", b"z", None)
    assert mine.all("b", "1") == [("2", b"y")]
    assert mine.remove("a", "1")
    assert not mine.remove("a", "1")
    assert (mine.get("b", "2"), yours.get("a", "1")) == (None, b"z")
    mine.clear()
    assert yours.get("a", "1") is None


def test_the_oldest_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_DOCUMENTS", 3)
    documents = Documents(Store())
    documents.put(Document("a", str(number), b"") for number in range(5))
    assert [key for key, _ in documents.all("a")] == ["2", "3", "4"]
