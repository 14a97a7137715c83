"""The search against servers whose capacity is known: exact, noisy, small, unlimited, and behind a client that lies."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from loadtests.capacity.search import Outcome, Plan, State, bracket, certain, next_level, search, states_of

MET, MISSED, INVALID = Outcome.MET, Outcome.MISSED, Outcome.INVALID
PLAN = Plan(start=10, most=10_000, least=0.1, resolution=1.1, repeats=2, is_whole=False)


@dataclass(frozen=True)
class Try:
    level: float
    outcome: Outcome


def asked(outcome: Callable[[float], Outcome], plan: Plan = PLAN) -> list[Try]:
    turns = iter(range(40))
    return search(lambda level: Try(level, outcome(level)), plan, lambda: next(turns, None) is not None)


def exact(capacity: float) -> Callable[[float], Outcome]:
    return lambda level: MET if level <= capacity else MISSED


def levels(tried: list[Try]) -> list[float]:
    return [each.level for each in tried]


@pytest.mark.parametrize("capacity", [0.3, 1, 9.99, 10, 10.01, 79.9, 160, 1234.5])
def test_a_capacity_is_found_within_the_interval(capacity: float) -> None:
    tried = asked(exact(capacity))
    low, high = certain(tried)
    assert low
    assert high
    assert low <= capacity < high <= low * PLAN.resolution
    assert bracket(states_of(tried)) == (low, high)


@pytest.mark.parametrize("capacity", range(1, 60))
def test_streams_are_counted(capacity: int) -> None:
    plan = Plan(start=20, most=1000, least=1, resolution=1.01, repeats=1, is_whole=True)
    assert certain(asked(exact(capacity), plan)) == (capacity, capacity + 1)


def test_it_doubles_then_bisects_then_repeats_both_ends() -> None:
    assert levels(asked(exact(100))) == [10, 20, 40, 80, 160, 113, 95.1, 104, 95.1, 104]


def test_a_noisy_edge_widens_the_interval_and_two_searches_overlap() -> None:
    """Between 90 and 110 a run meets the limits by chance, the more seldom the higher."""
    draws = random.Random(1)
    plan = replace(PLAN, repeats=3)
    pairs = [
        [
            certain(asked(lambda level: MET if level < 90 + 20 * draws.random() else MISSED, plan))
            for _ in "12"
        ]
        for _ in range(200)
    ]
    assert all((low or 0) < 110 and (high or 0) > 90 for pair in pairs for low, high in pair)
    overlapping = sum((a[0] or 0) < (b[1] or 0) and (b[0] or 0) < (a[1] or 0) for a, b in pairs)
    assert overlapping > 0.9 * len(pairs)


def test_one_bad_moment_does_not_decide() -> None:
    moods = {40: [MISSED]}

    def moody(level: float) -> Outcome:
        return moods[int(level)].pop() if moods.get(int(level)) else exact(100)(level)

    assert 90 < (bracket(states_of(asked(moody)))[0] or 0) <= 100


def test_a_disturbed_run_is_asked_again_and_decides_nothing() -> None:
    assert next_level([Try(10, MET), Try(20, INVALID)], PLAN) == 20
    assert states_of([Try(20, INVALID), Try(20, MET)]) == {20: State.MET}


def test_a_client_that_gives_out_first_bounds_the_search_and_not_the_capacity() -> None:
    """Above 50 the client is the limit. Its figures look good: taken for the app's, they would be a lie."""
    tried = asked(lambda level: MET if level <= 50 else INVALID)
    low, high = certain(tried)
    assert 45 < (low or 0) <= 50
    assert high is None
    _, end = bracket(states_of(tried))
    assert end
    assert states_of(tried)[end] is State.REFUSED


def test_a_capacity_below_what_the_client_can_is_found_beside_it() -> None:
    tried = asked(lambda level: INVALID if level > 120 else exact(100)(level))
    low, high = certain(tried)
    assert (low or 0) <= 100 < (high or 0) <= 120


def test_nothing_is_asked_above_the_most_or_below_the_least() -> None:
    plan = Plan(start=10, most=35, least=4, resolution=1.1, repeats=1, is_whole=True)
    assert levels(asked(exact(1e9), plan)) == [10, 20, 35]
    assert levels(asked(exact(0), plan)) == [10, 5, 4]
    assert levels(asked(lambda _: INVALID, plan)) == [10, 10, 5, 5, 4, 4]


def test_it_ends_when_its_time_is_up() -> None:
    times = iter([True] * 7 + [False])
    tried = search(lambda level: Try(level, exact(100)(level)), PLAN, lambda: next(times))
    assert len(tried) == 7
    low, high = certain(tried)
    assert (low or 0) <= 100 < (high or 0)
