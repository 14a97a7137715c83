import math
import os

import pytest

from loadtests.bench.mocks.contenders import OURS, MockLoad
from loadtests.bench.mocks.measure import Reading, measure, waited_for_others
from loadtests.measuring import ProcessorTime


@pytest.mark.thorough
def test_our_mock_under_a_small_load() -> None:
    measured = measure(OURS, MockLoad(5, 150, 10))
    assert (measured.failures, measured.planned_seconds) == (0, 1.49)
    assert measured.cpu_us_per_token > 0
    assert measured.total_seconds > 1.4
    assert measured.lateness_p99_ms >= 0


def test_answers_that_end_before_the_last_begins_have_no_common_cost() -> None:
    assert math.isnan(measure(OURS, MockLoad(5, 10, 10)).cpu_us_per_token)


@pytest.mark.parametrize(
    ("worked", "used", "queued", "waited"),
    [(5.0, 4.9, 2.0, 0.01), (9.0, 5.0, 4.0, 0.4), (9.0, 5.0, 0.5, 0.05), (4.9, 5.0, 2.0, 0.0)],
    ids=["its own threads crowd it", "somebody else does", "others fill its pauses", "ticks are rough"],
)
def test_a_mock_waits_for_others_no_longer_than_others_run(
    worked: float, used: float, queued: float, waited: float
) -> None:
    tick = os.sysconf("SC_CLK_TCK")
    nothing = ProcessorTime(stolen=0, total=0)
    its_core = ProcessorTime(stolen=0, total=10 * tick, worked=round(worked * tick))
    before, after = (
        Reading(100, 50, 7, nothing, nothing),
        Reading(110, 50 + used, 7 + queued, nothing, its_core),
    )
    assert waited_for_others(before, after) == pytest.approx(waited)
