"""Intervals of the median against the tables that statisticians print."""

import math
import random
import statistics

import pytest

from loadtests.measuring import median_interval


@pytest.mark.parametrize(
    ("count", "outside"), [(1, 0), (2, 0), (5, 0), (6, 0), (8, 0), (9, 1), (12, 2), (20, 5), (100, 39)]
)
def test_how_many_values_lie_outside(count: int, outside: int) -> None:
    values = [float(value) for value in range(count)]
    assert median_interval(values[::-1]) == (outside, count - 1 - outside)


def test_it_holds_the_median_as_often_as_it_says() -> None:
    choices = random.Random(1)
    hits = 0
    for _ in range(2_000):
        low, high = median_interval([choices.expovariate(1.0) for _ in range(15)])
        hits += low <= math.log(2) <= high
    assert 0.95 <= hits / 2_000 < 0.99


def test_the_median_lies_within() -> None:
    values = [3.0, 1.0, 2.0, 9.0]
    low, high = median_interval(values)
    assert low <= statistics.median(values) <= high
    assert all(map(math.isnan, median_interval([])))
