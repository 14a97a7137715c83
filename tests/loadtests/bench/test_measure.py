"""One definition a column: where a run does not have it, there is no figure."""

from __future__ import annotations

import math

from loadtests.bench.measure import Point, _Passed, cost_while_open, memory_while_open
from loadtests.rig import Mark


def marks(opened_at: float, closing_at: float, *, memory_read_after: float = 0.01) -> dict[str, _Passed]:
    return {
        "open": _Passed(Mark("open", 1_000, opened_at), 2.0, 50e6, opened_at + memory_read_after),
        "closing": _Passed(Mark("closing", 11_000, closing_at), 2.5, 60e6, closing_at + 0.01),
    }


def test_the_cost_while_all_are_open() -> None:
    assert cost_while_open(marks(10.0, 14.0)) == 50.0
    assert memory_while_open(marks(10.0, 14.0)) == 50e6


def test_streams_that_end_before_the_last_begins_leave_no_such_cost() -> None:
    assert math.isnan(cost_while_open(marks(14.0, 10.0)))
    assert math.isnan(memory_while_open(marks(14.0, 10.0)))


def test_nor_does_a_window_too_short_to_read_in() -> None:
    assert math.isnan(cost_while_open(marks(10.0, 10.05)))


def test_nor_a_stack_some_of_whose_streams_never_begin() -> None:
    only_closing = {"closing": marks(10.0, 14.0)["closing"]}
    assert math.isnan(cost_while_open(only_closing))
    assert math.isnan(memory_while_open(only_closing))


def test_memory_that_was_read_too_late_is_none() -> None:
    assert math.isnan(memory_while_open(marks(10.0, 14.0, memory_read_after=4.5)))


def test_a_point_says_its_length_and_its_model() -> None:
    point = Point(streams=1, per_second=50, tokens=101, ramp_seconds=0)
    assert (point.seconds, point.gap_ms, point.model) == (2.0, 20.0, "bench-tokens101-every20")
