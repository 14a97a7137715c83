from dataclasses import replace

import pytest

from loadtests.load.judging.verdict import INVALID, MET, MISSED, WRONG, breaches, doubts, exit_code
from loadtests.load.report import NOTHING, Arrivals, Gate, Observed, Report, Row

CALM = Observed(busy=0.3, queued=0.01, stolen=0.0)
LAG = Row("load generator", "LAG", 400, 0.1, 1.0, 10.0, 99.0)
LATE = Row("load generator", "late", 400, 0.1, 1.0, 9.9, 99.0)
ARRIVALS = Arrivals("poisson", 400, 20.0, 1.0, LATE)
GOOD = replace(NOTHING, asked=5, right=5, client_lag=LAG, observed=CALM, arrivals=ARRIVALS)
MOCK = Row("mock", "late", 400, 0.1, 1.0, 50.0, 99.0)


def judged(report: Report) -> Report:
    return replace(report, doubts=tuple(doubts(report)))


def test_right_answers_of_a_calm_generator_pass() -> None:
    good = judged(replace(GOOD, mock_late=MOCK))
    assert (breaches(good), good.doubts, exit_code(good)) == ([], (), MET)


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        (NOTHING, "no answer was made"),
        (replace(GOOD, wrong=2), "2 of 7 answers were wrong"),
        (replace(GOOD, asked=45, right=42, unfinished=3), "3 of 45 answers were unfinished"),
        (replace(GOOD, crashes=1), "the load test itself raised exceptions"),
    ],
)
def test_anything_else_fails(report: Report, reason: str) -> None:
    assert (breaches(report), exit_code(report)) == ([reason], WRONG)


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        (replace(GOOD, client_lag=replace(LAG, p99_ms=10.1)), "event loop lag p99 10.1 ms"),
        (replace(GOOD, client_lag=replace(LAG, p95_ms=None, p99_ms=None)), "event loop lag max 99.0 ms"),
        (replace(GOOD, arrivals=replace(ARRIVALS, late=replace(LATE, p99_ms=30.0))), "arrivals did not keep"),
        (replace(GOOD, mock_late=replace(MOCK, p95_ms=21.0)), "the mock was saturated"),
        (replace(GOOD, journal_doubt="the mock's journal could not be read"), "the mock's journal could"),
        (replace(GOOD, observed=replace(CALM, busy=0.95)), "busy for 95.0% of a core"),
        (
            replace(GOOD, observed=replace(CALM, wait_ms=2.5)),
            "waited for a core, 2.5 ms each time, limit 1 ms",
        ),
        (replace(GOOD, observed=replace(CALM, stolen=0.1)), "the hypervisor took 10.0%"),
        (
            replace(GOOD, gates=(Gate("streaming TTFT p99 in ms", 9, None, False, "4 values, 368 needed"),)),
            "a limit cannot be judged: streaming TTFT p99 in ms: 4 values, 368 needed",
        ),
    ],
)
def test_a_run_that_cannot_be_trusted_says_why_and_is_never_green(report: Report, reason: str) -> None:
    (said,) = judged(report).doubts
    assert reason in said
    assert exit_code(judged(report)) == INVALID


def test_which_exit_code_goes_before_which() -> None:
    missed = replace(GOOD, gates=(Gate("rate", 20, 10.0, is_met=False),))
    disturbed = replace(missed, doubts=("the machine was busy",))
    wrong = replace(disturbed, wrong=1)
    assert [exit_code(each) for each in (missed, disturbed, wrong)] == [MISSED, INVALID, WRONG]
