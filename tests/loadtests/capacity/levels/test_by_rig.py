import math
from dataclasses import replace

import pytest

from loadtests.capacity.levels.by_rig import ByRig, disturbances, records_of
from loadtests.capacity.search import Outcome as Verdict
from loadtests.capacity.step import judged
from loadtests.load.report import Report
from loadtests.rig import ROOT, Load, Outcome
from loadtests.rig.counting import Answer

LIMITS = ROOT / "loadtests" / "capacity" / "rig.toml"
TOKENS = 50
LOAD = Load(1, "", 400, TOKENS, " quantum", 15.0, 1.0, "asleep")


def came(first: float, total: float, count: int = 400, late: float = 0.0) -> Outcome:
    """So many answers, 20 a second."""
    return Outcome([Answer(at / 20, at / 20 + late, first, total) for at in range(count)])


def report(outcome: Outcome, *, is_open: bool = True) -> Report:
    by_rig = ByRig(None, LIMITS, 12, 3.0, 1)  # type: ignore[arg-type]  # which asks nothing here
    return by_rig._report(outcome, LOAD, is_open=is_open)


GOOD = came(0.01, 0.99)


def test_no_level_is_asked_whose_answers_are_too_few_for_the_limits() -> None:
    assert ByRig(None, LIMITS, 12, 3.0, 1).least == {"rate": 7.8, "streams": 72.0}  # type: ignore[arg-type]


def test_what_the_client_counted_are_answers_of_the_load_test() -> None:
    found = report(GOOD)
    assert (found.right, found.wrong, found.warm_up, found.timed) == (400, 0, 60, 340)
    assert {(row.metric, row.p95_ms) for row in found.rows} >= {("TTFT due", 10.0), ("TPOT", 20.0)}
    assert found.arrivals
    assert found.arrivals.rate == pytest.approx(20)
    assert judged(found)[0] is Verdict.MET


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (came(0.3, 1.28), "good_share"),
        (came(0.01, 1.59), "good_share"),
        (replace(GOOD, failures={"closed early": 1}), "1 of 401 answers were wrong"),
        (Outcome([], {"did not end in time": 400}), "400 of 400 answers were wrong"),
    ],
    ids=["late first tokens", "slow tokens", "one cut", "none whole"],
)
def test_what_is_missed_is_named(outcome: Outcome, reason: str) -> None:
    verdict, reasons = judged(report(outcome))
    assert verdict is Verdict.MISSED
    assert reason in reasons[0]


def test_who_is_asked_late_has_waited_since_the_time_that_was_due() -> None:
    (ttft,) = (row for row in report(came(0.01, 0.99, late=0.4)).rows if row.metric == "TTFT due")
    assert ttft.p95_ms == pytest.approx(410)


def test_streams_have_no_warm_up_and_are_not_due() -> None:
    records = records_of(GOOD, TOKENS, 0.0, is_open=False)
    assert all(record.timing and record.due is None for record in records)


CALM = {"stolen": 0.0, "queued": 0.0, "client": 0.2, "late_ms": 1.0}


@pytest.mark.parametrize(
    ("what", "value"), [("stolen", 0.03), ("queued", 0.06), ("client", 0.81), ("late_ms", 11.0)]
)
def test_a_run_in_which_something_else_gave_out_decides_nothing(what: str, value: float) -> None:
    assert disturbances(**CALM) == disturbances(**{**CALM, what: math.nan}) == ()
    (reason,) = disturbances(**{**CALM, what: value})
    assert "limit" in reason
    assert judged(report(came(0.3, 1.28)), (reason,))[0] is Verdict.INVALID
