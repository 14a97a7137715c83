"""The table of a full house says what is wrong with it."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.webapp.over_capacity import complaints

DONE = [{"type": "done"}]


def stream(status: int = 200, *, whole: bool = True, objects: Any = DONE) -> Any:
    return SimpleNamespace(status=status, whole=whole, objects=lambda: objects)


FULL = [stream() for _ in range(2)]


@pytest.mark.parametrize(
    ("came", "said"),
    [
        (FULL, ""),
        ([*FULL, stream(503)], ""),
        ([stream(), stream(whole=False), stream(503)], "1 of 2 who were let in got no whole answer"),
        ([*FULL, stream(objects=[]), stream(503)], "1 of 3 who were let in got no whole answer"),
        ([*FULL, stream(500), stream(503)], "1 were neither let in nor refused"),
        ([stream(), stream(503), stream(503)], "1 were let in, of 3 for 2 places"),
        ([*FULL, stream()], "nobody was refused of 3 for 2 places"),
    ],
)
def test_a_full_house(came: list[Any], said: str) -> None:
    assert "; ".join(complaints(came, capacity=2)) == said
