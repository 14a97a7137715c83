"""Whose turn it is: nobody's without a look at the sockets, nobody's twice before another source's."""

from __future__ import annotations

import time
from typing import Any

import gevent
import pytest

from webapp.serving.clients import turns as turns_module
from webapp.serving.clients.turns import SETBACK, Door, Turns, source_of

pytestmark = pytest.mark.timed


def order_of(*waiting: tuple[str, int]) -> list[tuple[str, int]]:
    """In which order those have their turn who wait for it from a source and have had so many."""
    turns, order = Turns(), list[tuple[str, int]]()

    def take(source: str, had: int) -> None:
        turns.wait(source, had)
        order.append((source, had))

    # All wait before the first has its turn, however busy the machine: gevent looks at its loop in between.
    interval = gevent.getswitchinterval()
    gevent.setswitchinterval(60)
    try:
        gevent.joinall([gevent.spawn(take, *one) for one in waiting], timeout=5)
    finally:
        gevent.setswitchinterval(interval)
    return order


def test_between_the_turns_of_many_it_is_looked_at_the_sockets() -> None:
    turns, looks, seen = Turns(), [0], list[int]()
    look = gevent.get_hub().loop.check()
    look.start(lambda: looks.__setitem__(0, looks[0] + 1))

    def work() -> None:
        for _ in range(5):
            turns.wait()
            seen.append(looks[0])
            # As long as all together may take.
            time.sleep(turns_module.TURN_SECONDS)

    gevent.joinall([gevent.spawn(work) for _ in range(10)], timeout=5)
    look.stop()
    look.close()
    assert len(seen) == len(set(seen)) == 50


def test_who_has_had_fewer_turns_goes_first() -> None:
    assert order_of(("a", 7), ("a", 3), ("a", 5), ("a", 1)) == [("a", 1), ("a", 3), ("a", 5), ("a", 7)]


def test_newcomers_without_an_end_keep_nobody_waiting() -> None:
    newcomers = [("a", 1)] * (3 * SETBACK)
    assert 0 < order_of(("a", 2), *newcomers).index(("a", 2)) <= SETBACK


def test_sources_have_their_turns_one_after_the_other() -> None:
    order = order_of(*[("flood", 1)] * 5, ("a", 1), ("b", 9), *[("flood", 1)] * 5)
    assert [source for source, _ in order] == ["flood", "a", "b", *["flood"] * 9]


@pytest.fixture
def door() -> tuple[Turns, Door, list[str]]:
    """A door, its turns, and who has been let in."""
    turns, inside = Turns(), list[str]()
    return turns, Door(turns, inside.append), inside


def test_where_nobody_waits_all_are_let_in_at_once(door: tuple[Turns, Door, list[str]]) -> None:
    _, entrance, inside = door
    assert entrance.come("a", "first")
    assert entrance.come("a", "second")
    assert inside == ["first", "second"]


def test_where_many_wait_each_source_has_its_line(door: tuple[Turns, Door, list[str]]) -> None:
    turns, entrance, inside = door
    turns.give(lambda: None)
    for who in ("flood 1", "flood 2", "flood 3", "one", "other"):
        assert entrance.come(who.partition(" ")[0], who)
    assert (inside, len(entrance)) == ([], 5)
    gevent.sleep(0.05)
    assert len(entrance) == 0
    assert inside == ["flood 1", "one", "other", "flood 2", "flood 3"]
    assert not turns


def test_who_has_been_let_in_goes_behind_others_at_the_door(door: tuple[Turns, Door, list[str]]) -> None:
    turns, entrance, inside = door
    turns.give(lambda: inside.append("had its turn"), "flood", 1)
    for number in range(3 * SETBACK):
        entrance.come("flood", str(number))
    gevent.sleep(0.05)
    assert 0 < inside.index("had its turn") <= SETBACK


def test_a_line_has_a_most_and_is_let_in_where_no_more_come(
    door: tuple[Turns, Door, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns_module, "MOST_IN_LINE", 2)
    turns, entrance, inside = door
    turns.give(lambda: None)
    assert [entrance.come("flood", str(number)) for number in range(4)] == [True, True, False, False]
    assert entrance.come("a", "newcomer")
    entrance.let_all_in()
    assert inside == ["0", "1", "newcomer"]
    gevent.sleep(0.05)
    assert inside == ["0", "1", "newcomer"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("192.0.2.1", 1), ("192.0.2.1", 2), True),
        (("192.0.2.1", 1), ("192.0.2.2", 1), False),
        (("::ffff:192.0.2.1", 1, 0, 0), ("::ffff:192.0.2.2", 1, 0, 0), False),
        (("2001:db8::1", 1, 0, 0), ("2001:db8::2", 1, 0, 0), True),
        (("2001:db8::1", 1, 0, 0), ("2001:db8:0:1::1", 1, 0, 0), False),
        (("fe80::1%eth0", 1, 0, 0), ("fe80::2", 1, 0, 0), True),
        ("", b"", True),
    ],
)
def test_what_one_source_is(one: Any, other: Any, same: bool) -> None:
    assert (source_of(one) == source_of(other)) is same
