"""Nearest ranks, of values and of counts."""

import math

import pytest

from loadtests.measuring import percentile, percentile_of_counts


@pytest.mark.parametrize(
    ("counts", "share", "expected"),
    [
        ({7.0: 1}, 0.99, 7.0),
        ({1.0: 99, 50.0: 1}, 0.99, 1.0),
        ({1.0: 98, 50.0: 2}, 0.99, 50.0),
        ({1.0: 1}, 0.5, 1.0),
        ({1.0: 1, 2.0: 1}, 0.5, 1.0),
        ({1.0: 1, 2.0: 1}, 0.51, 2.0),
        ({5.4: 98, 7.0: 1, 9.0: 1}, 0.95, 5.4),
        ({9.0: 1, 7.0: 1, 5.4: 98}, 0.99, 7.0),
        ({1.0: 99, 2.0: 1}, 1.0, 2.0),
        ({30.0: 1, 10.0: 1, 20.0: 1}, 1.0, 30.0),
    ],
)
def test_a_percentile_is_the_nearest_rank(counts: dict[float, int], share: float, expected: float) -> None:
    assert percentile_of_counts(counts, share) == expected
    assert percentile([value for value, count in counts.items() for _ in range(count)], share) == expected


def test_it_is_a_value_that_was_measured() -> None:
    values = [float(value) for value in range(1, 101)]
    assert [percentile(values, each / 100) for each in range(1, 101)] == values


def test_nothing_has_no_percentile() -> None:
    assert math.isnan(percentile([], 0.5))
    assert math.isnan(percentile_of_counts({}, 0.5))
