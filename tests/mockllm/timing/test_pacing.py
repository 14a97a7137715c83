import itertools
import statistics

import pytest

from mockllm.text.essay import FOUNDING_ESSAY
from mockllm.text.tokens import count_tokens
from mockllm.timing.pacing import (
    PROFILES,
    Pace,
    at_speed,
    cached_tokens,
    due,
    total_seconds,
    with_prompt,
    with_rhythm,
)
from mockllm.values.draws import Draws


def test_due_times_are_absolute() -> None:
    assert [due(Pace(0.5, 0.02), token) for token in (0, 1, 100)] == [0.5, 0.52, 2.5]


def test_the_founding_essay_takes_its_founding_time() -> None:
    pace = with_prompt(PROFILES["founding"], 100_000, 0)
    assert due(pace, 0) == 1.03
    assert total_seconds(pace, count_tokens(FOUNDING_ESSAY)) == pytest.approx(7.31)


def test_an_empty_answer_takes_the_time_to_its_first_token() -> None:
    assert total_seconds(Pace(0.5, 0.02), 0) == 0.5


def test_a_prompt_costs_what_is_not_cached_of_it() -> None:
    pace = with_prompt(Pace(0.5, 0.02, prefill_seconds=0.001), 3000, 2048)
    assert due(pace, 0) == pytest.approx(1.452)
    assert due(with_prompt(pace, 3000, 0), 0) == due(pace, 0)


@pytest.mark.parametrize(("before", "cached"), [(0, 0), (1023, 0), (1024, 1024), (1279, 1152), (1280, 1280)])
def test_a_cache_holds_whole_steps_from_1024_tokens_on(before: int, cached: int) -> None:
    assert cached_tokens(before) == cached


@pytest.mark.parametrize("variation", [0.1, 0.5, 1.0])
def test_gaps_vary_as_asked_around_their_mean(variation: float) -> None:
    pace = with_rhythm(Pace(1.0, 0.02, variation=variation), b"seed")
    dues = [due(pace, token) for token in range(20_000)]
    gaps = [later - sooner for sooner, later in itertools.pairwise(dues)]
    assert min(gaps) > 0
    assert statistics.mean(gaps) == pytest.approx(0.02, rel=0.03)
    assert statistics.stdev(gaps) / statistics.mean(gaps) == pytest.approx(variation, rel=0.08)
    assert dues[0] == 1.0


def test_a_rhythm_follows_from_its_seed() -> None:
    pace = Pace(0.0, 0.02, variation=0.5)
    first, again, other = (
        [due(with_rhythm(pace, seed), token) for token in (3, 1, 2)] for seed in (b"a", b"a", b"b")
    )
    assert first == again != other
    assert first == [0.051291, 0.019913, 0.042861]


def test_constant_gaps_need_no_rhythm() -> None:
    assert with_rhythm(Pace(1, 0.02), b"seed").rhythm is None
    assert with_rhythm(Pace(1, 0, variation=0.5), b"seed").rhythm is None


def test_speed_scales_all_of_it() -> None:
    pace = Pace(1.0, 0.1, prefill_seconds=0.01, variation=0.3)
    assert at_speed(pace, 2) == Pace(0.5, 0.05, 0.005, 0.3)
    assert at_speed(pace, 0) == Pace(0, 0, 0, 0.3)


def test_normal_draws() -> None:
    draws = Draws(b"seed")
    drawn = [draws.normal() for _ in range(10_000)]
    assert abs(statistics.mean(drawn)) < 0.05
    assert statistics.stdev(drawn) == pytest.approx(1, rel=0.05)
