import math

import pytest

from loadtests.bench.mocks.contenders import OURS, Streams
from loadtests.bench.mocks.measure import measure


@pytest.mark.thorough
def test_our_mock_under_a_small_load() -> None:
    measured = measure(OURS, Streams(5, 150, 10))
    assert (measured.failures, measured.planned_seconds) == (0, 1.49)
    assert measured.cpu_us_per_token > 0
    assert measured.total_seconds > 1.4
    assert measured.lateness_p99_ms >= 0


def test_answers_that_end_before_the_last_begins_have_no_common_cost() -> None:
    assert math.isnan(measure(OURS, Streams(5, 10, 10)).cpu_us_per_token)
