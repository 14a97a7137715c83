"""Counting alone: each window by itself, and never over all of them."""

from __future__ import annotations

import time

import pytest

from webapp.limits import own_counts
from webapp.limits.own_counts import OwnCounts


class Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_count_ends_with_its_window_however_often_it_is_added_to() -> None:
    clock = Clock()
    counts = OwnCounts(clock)
    assert counts.incr("a", 60, 2) == 2
    clock.at = 59.0
    assert counts.incr("a", 60, 3) == 5
    clock.at = 60.0
    assert counts.incr("a", 60, 1) == 1


def test_windows_of_different_lengths_do_not_wait_for_each_other() -> None:
    clock = Clock()
    counts = OwnCounts(clock)
    counts.incr("all", 86_400, 7)
    counts.incr("a", 60, 1)
    clock.at = 61.0
    assert counts.incr("a", 60, 1) == 1
    assert counts.incr("all", 86_400, 1) == 8


def test_what_is_corrected_is_known_and_not_below_nothing() -> None:
    clock = Clock()
    counts = OwnCounts(clock)
    counts.correct("a", 60, 5)
    assert counts.incr("a", 60, 2) == 2
    counts.correct("a", 60, -9)
    assert counts.incr("a", 60, 1) == 1
    clock.at = 60.0
    counts.correct("a", 60, 5)
    assert counts.incr("a", 60, 1) == 1


def test_of_too_many_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_counts, "MOST_COUNTS", 3)
    counts = OwnCounts()
    for client in "abcde":
        counts.incr(client, 60, 1)
    assert [counts.incr(client, 60, 1) for client in "edc"] == [2, 2, 2]
    assert counts.incr("a", 60, 1) == 1


def test_nobody_pays_for_how_many_there_are() -> None:
    clock = Clock()
    counts = OwnCounts(clock)
    for number in range(50_000):
        counts.incr(str(number), 60, 1)
    for clock.at in (0.0, 60.0):
        begun_at = time.thread_time()
        for _ in range(100):
            counts.incr("a", 60, 1)
        assert time.thread_time() - begun_at < 0.05
