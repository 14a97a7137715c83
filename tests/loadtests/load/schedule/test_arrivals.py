"""The schedule of an open load, which must be what it is called: two peers' Poisson arrivals are not."""

import statistics
from itertools import islice, pairwise

import pytest

from loadtests.load.schedule.arrivals import CONSTANT, POISSON, arrivals
from loadtests.load.schedule.stages import stages_of


def gap_cv(times: list[float]) -> float:
    gaps = [later - earlier for earlier, later in pairwise(times)]
    return statistics.pstdev(gaps) / statistics.fmean(gaps)


def test_constant_arrivals_are_even() -> None:
    times = list(arrivals(stages_of("60:20"), CONSTANT, 1))
    assert times == [pytest.approx(number / 20) for number in range(1200)]


def test_poisson_arrivals_have_their_rate_and_their_spread() -> None:
    many = list(islice(arrivals(stages_of("20"), POISSON, 1), 20_000))
    assert len(many) / many[-1] == pytest.approx(20, rel=0.02)
    assert gap_cv(many) == pytest.approx(1, abs=0.03)
    # Independent: after a short gap the next is no shorter than after a long one.
    gaps = [later - earlier for earlier, later in pairwise(many)]
    assert abs(statistics.correlation(gaps[:-1], gaps[1:])) < 0.03


def test_the_seed_decides() -> None:
    first, again, other = (list(islice(arrivals(stages_of("20"), POISSON, seed), 400)) for seed in (1, 1, 2))
    assert first == again != other
    assert 0.85 < gap_cv(first) < 1.15


@pytest.mark.parametrize("kind", [CONSTANT, POISSON])
def test_a_ramp_has_as_many_arrivals_as_the_area_under_it(kind: str) -> None:
    times = list(arrivals(stages_of("100:0-40,50:0,100:40-0,10:100"), kind, 1))
    counts = [sum(begin <= at < end for at in times) for begin, end in ((0, 50), (50, 100), (100, 150))]
    assert counts == [pytest.approx(500, rel=0.1), pytest.approx(1500, rel=0.1), 0]
    assert len(times) == pytest.approx(5000, rel=0.05)
    assert times == sorted(times)
