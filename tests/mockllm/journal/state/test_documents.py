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


def test_the_oldest_make_room_for_large_ones_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replaced and removed documents take no room."""
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    documents = Documents(Store())
    for _ in range(9):
        documents.put([Document("a", "0", b"x" * 40)])
    documents.put([Document("a", "1", b"x" * 60)])
    assert [key for key, _ in documents.all("a")] == ["0", "1"]
    documents.put([Document("a", "2", b"x")])
    assert [key for key, _ in documents.all("a")] == ["1", "2"]
    documents.clear()
    documents.put([Document("a", "3", b"x" * 100)])
    assert documents.all("a")


def test_a_number_grows_whatever_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_DOCUMENTS", 3)
    documents = Documents(Store())
    for _ in range(9):
        documents.put_numbered(Document("n", "a", b""), 1, lambda number: [Document("a", str(number), b"")])
        documents.remove("a", "7")
    assert [key for key, _ in documents.all("a")] == ["8"]


def test_parts_of_one_name_are_several_if_their_owners_are() -> None:
    documents = Documents(Store())
    documents.put(Document("part", "1", owner.encode(), owner) for owner in ("a", "b"))
    assert documents.get("part", "1") == b"b"
    assert documents.remove("part", "1", "b")
    assert documents.all("part", "a") == [("1", b"a")]


def test_what_is_written_anew_stays_where_it_is_and_its_bytes_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    documents = Documents(Store())
    documents.put(Document("a", key, b"x" * 10) for key in "12")
    for size in (60, 10, 80):
        documents.replace(Document("a", "1", b"y" * size))
    assert documents.all("a") == [("1", b"y" * 80), ("2", b"x" * 10)]
    documents.replace(Document("a", "2", b"x" * 21))
    assert [key for key, _ in documents.all("a")] == ["2"]
    documents.replace(Document("a", "gone", b""))
    assert documents.get("a", "gone") is None
