import pytest

from loadtests.chat import Timing
from loadtests.load.processes.records import RIGHT, Record
from loadtests.load.report import Failure
from loadtests.load.summary import needed, report_of, row_of

STREAM = "/chat streaming"
TIMING = Timing(ttfb=0.01, ttft=0.3, itl=(0.02, 0.04), tpot=0.03, total=0.5)


def record(sent: float, outcome: str = RIGHT, due: float | None = None, *, warm_up: bool = False) -> Record:
    timing = TIMING if outcome == RIGHT and not warm_up else None
    return Record(
        request_id="a", mode=STREAM, outcome=outcome, sent=sent, due=due, timing=timing, is_warm_up=warm_up
    )


@pytest.mark.parametrize(("share", "values"), [(0.5, 6), (0.95, 72), (0.99, 368), (0.999, 3688)])
def test_how_many_values_a_percentile_takes(share: float, values: int) -> None:
    assert needed(share) == values


def test_a_percentile_of_too_few_is_none() -> None:
    few, more = (row_of(STREAM, "TTFT", [0.001] * count) for count in (71, 72))
    assert few
    assert more
    assert (few.p50_ms, few.p95_ms, few.p99_ms, few.max_ms) == (1.0, None, None, 1.0)
    assert (more.p95_ms, more.p99_ms) == (1.0, None)
    assert row_of(STREAM, "TTFT", []) is None


def test_the_sum_is_whole() -> None:
    records = [record(10.0), record(11.0, "wrong text"), record(12.0, "stalled"), record(13.0, "stalled")]
    report = report_of(records, 6, {})
    assert (report.asked, report.right, report.wrong, report.unfinished) == (6, 1, 3, 2)
    assert report.failures == (Failure(STREAM, "stalled", 2), Failure(STREAM, "wrong text", 1))
    assert {row.metric: row.count for row in report.rows} == {
        "TTFB": 1,
        "TTFT": 1,
        "ITL": 2,
        "TPOT": 1,
        "total": 1,
    }


def test_the_warm_up_is_judged_and_has_no_times() -> None:
    records = [record(1.0, warm_up=True), record(2.0, "stalled", warm_up=True), record(10.0), record(12.0)]
    report = report_of(records, 4, {})
    assert (report.right, report.wrong, report.warm_up, report.seconds) == (3, 1, 1, 2.5)
    assert {row.count for row in report.rows if row.metric == "TTFT"} == {2}


def test_times_of_an_open_load_count_from_the_schedule_as_well() -> None:
    report = report_of([record(10.25, due=10.0), record(11.25, due=11.0)], 2, {}, "constant")
    maxima = {row.metric: row.max_ms for row in report.rows}
    assert (maxima["TTFT"], maxima["TTFT due"]) == (300, 550)
    assert (maxima["total"], maxima["total due"]) == (500, 750)
    assert report.arrivals
    assert (report.arrivals.count, report.arrivals.rate, report.arrivals.gap_cv) == (2, 1.0, 0.0)
    assert report.arrivals.late.max_ms == 250
