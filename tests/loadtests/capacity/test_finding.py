"""Runs of a simulated app at its queue, judged as real ones are: its capacity is found, and a lie is not believed."""

import heapq
from dataclasses import replace

import pytest

from loadtests.capacity.finding import Finding, Known, finding, sentence
from loadtests.capacity.search import Outcome, Plan, search
from loadtests.capacity.step import Step, judged, step_of
from loadtests.chat import Timing
from loadtests.load.judging.limits import Limits, gates, good_answers
from loadtests.load.judging.verdict import doubts
from loadtests.load.processes.records import RIGHT, Record
from loadtests.load.report import NOTHING, Gate, Observed, Report
from loadtests.load.schedule.arrivals import POISSON, arrivals
from loadtests.load.schedule.stages import Stage
from loadtests.load.summary import report_of

PLAN = Plan(start=10, most=1000, least=1, resolution=1.1, repeats=2, is_whole=False)
LIMITS = Limits(good={"streaming": {"TTFT": 400}}, behaviours={"streaming": {"TTFT": {"p95_ms": 400}}})
SECONDS = 20.0
PLACES, WORK = 10, 0.1
"""Ten answers are worked on at once, each for 100 ms: 100 a second, and a queue for what comes beyond."""
CAPACITY = PLACES / WORK


def simulated(rate: float, *, client: float = 1e9) -> Report:
    """An open load of this rate against that app; the client sends no more than it can and falls behind."""
    free = [0.0] * PLACES
    records = []
    for number, due in enumerate(arrivals((Stage(SECONDS, rate, rate),), POISSON, 1)):
        sent = max(due, number / client)
        begun = max(sent, heapq.heappop(free))
        heapq.heappush(free, begun + WORK)
        ttft = begun + WORK - sent
        timing = Timing(ttfb=0.0, ttft=ttft, itl=(0.02,), tpot=0.02, total=ttft + 0.02)
        records.append(
            Record(
                request_id=str(number),
                mode="/chat streaming",
                outcome=RIGHT,
                sent=sent,
                due=due,
                timing=timing,
            )
        )
    report = report_of(records, len(records), {}, POISSON)
    report = replace(report, good=good_answers(records, LIMITS))
    report = replace(report, gates=tuple(gates(report, LIMITS)))
    return replace(report, doubts=tuple(doubts(report)))


def found(client: float = 1e9, plan: Plan = PLAN) -> Finding:
    steps = search(lambda level: step_of(level, simulated(level, client=client)), plan, lambda: True)
    return finding("arrival rate", "answers/s", steps)


def test_the_capacity_of_a_queue_is_found_with_its_interval_and_the_knee_of_its_curve() -> None:
    came = found()
    assert came.known is Known.BETWEEN
    assert 0.85 * CAPACITY < (came.low or 0) <= (came.value or 0) < (came.high or 0) < 1.2 * CAPACITY
    assert "streaming TTFT p95 in ms" in came.why[0]
    assert came.knee
    assert 0.5 * CAPACITY < came.knee <= CAPACITY * 1.1
    levels = [point.level for point in came.points]
    assert levels == sorted(set(levels))
    assert sentence(came).startswith(f"{came.value:g} answers/s, between {came.low:g} and ")


def test_a_client_that_cannot_keep_up_is_said_to_be_the_limit() -> None:
    """It sends 40 a second at most, so that the app is never busy: by its times alone it would bear anything."""
    came = found(client=40)
    assert came.known is Known.AT_LEAST
    assert 20 <= (came.value or 0) <= 42
    assert came.high is None
    assert sentence(came).startswith(
        f"at least {came.value:g} answers/s; above, no run was VALID: arrivals did not"
    )


def test_no_more_than_was_asked_is_claimed() -> None:
    assert sentence(found(plan=replace(PLAN, most=20))) == "at least 20 answers/s; more was not asked"


def test_an_app_that_bears_nothing() -> None:
    step = Step(1, Outcome.MISSED, ("slow",), 9, 1, 0, 900, 900, 20)
    assert (
        sentence(finding("arrival rate", "answers/s", [step]))
        == "below 1 answers/s, the lowest level asked: slow"
    )
    starved = replace(step, outcome=Outcome.INVALID)
    assert sentence(finding("arrival rate", "answers/s", [starved])) == "unknown: no run was VALID: slow"
    assert finding("arrival rate", "answers/s", [starved]).points == ()
    assert (
        sentence(finding("arrival rate", "answers/s", []))
        == "unknown: no run was VALID: none came to its end"
    )


CALM = replace(NOTHING, asked=9, right=9)
MISSED = Gate("rate", 20, 10.0, is_met=False)
FEW = Gate("streaming TTFT p95 in ms", 400, None, False, "9 values, 72 needed")
STARVED = Observed(busy=0.99, queued=0.0, stolen=0.0)


@pytest.mark.parametrize(
    ("report", "outcome"),
    [
        (CALM, Outcome.MET),
        (replace(CALM, gates=(MISSED,)), Outcome.MISSED),
        (replace(CALM, wrong=1), Outcome.MISSED),
        (replace(CALM, gates=(FEW,)), Outcome.INVALID),
        (replace(CALM, wrong=1, gates=(FEW,)), Outcome.MISSED),
        (replace(CALM, gates=(MISSED, FEW)), Outcome.MISSED),
        (replace(CALM, wrong=1, gates=(MISSED,), observed=STARVED), Outcome.INVALID),
    ],
)
def test_what_a_run_decides(report: Report, outcome: Outcome) -> None:
    came, reasons = judged(report)
    assert came is outcome
    assert bool(reasons) == (outcome is not Outcome.MET)
