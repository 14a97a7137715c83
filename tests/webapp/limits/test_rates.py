from typing import Any

import pytest

from webapp.chat.errors import LimitedError
from webapp.limits.counters import Counters
from webapp.limits.rates import DAY_SECONDS, Rate, RateLimit


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, at: float = 0.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


def limited(limit: RateLimit, *args: Any) -> LimitedError:
    with pytest.raises(LimitedError) as caught:
        limit.take(*args)
    return caught.value


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def by_minute(clock: Clock) -> RateLimit:
    return RateLimit(Rate("rate_limited", 3, 60), Counters(), clock)


@pytest.fixture
def by_day(clock: Clock) -> RateLimit:
    return RateLimit(Rate("token_budget_exhausted", 100, DAY_SECONDS, is_for_all=True), Counters(), clock)


def test_the_limit_passes_and_one_more_does_not(by_minute: RateLimit) -> None:
    assert [by_minute.take("a").total for _ in range(3)] == [1, 2, 3]
    error = limited(by_minute, "a")
    assert (error.code, error.status, error.retryable) == ("rate_limited", 429, True)


def test_clients_do_not_count_for_each_other(by_minute: RateLimit) -> None:
    for client in "abc":
        assert by_minute.take(client, 3).total == 3


def test_retry_after_is_the_end_of_the_window_and_then_it_passes(by_minute: RateLimit, clock: Clock) -> None:
    by_minute.take("a", 3)
    wait = limited(by_minute, "a").retry_after_seconds
    assert wait is not None
    assert 0 < wait <= 60
    clock.at += wait - 0.001
    limited(by_minute, "a")
    clock.at += 0.002
    by_minute.take("a")


def test_windows_of_different_clients_end_at_different_moments(by_minute: RateLimit) -> None:
    waits = set()
    for client in "abcdef":
        by_minute.take(client, 3)
        waits.add(limited(by_minute, client).retry_after_seconds)
    assert len(waits) > 3


def test_what_is_refused_costs_nothing(by_minute: RateLimit) -> None:
    by_minute.take("a")
    for _ in range(5):
        limited(by_minute, "a", 3)
    assert by_minute.take("a", 2).total == 3


def test_what_is_given_back_can_be_taken_again(by_minute: RateLimit) -> None:
    count = by_minute.take("a", 3)
    count.correct(-2)
    assert by_minute.take("a", 2).total == 3


def test_what_is_given_back_late_changes_no_other_window(by_minute: RateLimit, clock: Clock) -> None:
    count = by_minute.take("a", 3)
    clock.at += 60
    count.correct(-3)
    by_minute.take("a", 3)
    limited(by_minute, "a")


def test_the_day_is_everybodys_and_ends_at_midnight_utc(by_day: RateLimit, clock: Clock) -> None:
    clock.at = 5 * DAY_SECONDS + DAY_SECONDS - 10
    by_day.take("a", 60)
    by_day.take("b", 40)
    error = limited(by_day, "c", 1)
    assert (error.code, error.retryable, error.retry_after_seconds) == ("token_budget_exhausted", False, 10)
    clock.at += 10
    by_day.take("c", 100)
