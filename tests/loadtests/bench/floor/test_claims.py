import math
from dataclasses import replace

import pytest

from loadtests.bench.floor.__main__ import exit_code
from loadtests.bench.floor.claims import (
    Claim,
    cpu_a_token,
    right,
    schedule,
    shares,
    spread,
    steady_rate,
    throughput,
)
from loadtests.chat import Timing
from loadtests.load.processes.records import RIGHT, Record
from loadtests.load.report import NOTHING, Arrivals, Ledger, Observed, Report, Row

STREAM = "/v1/chat/completions streaming"
ROWS = (
    Row(STREAM, "TTFT", 400, 302.0, 304.0, 306.0, 310.0),
    Row(STREAM, "ITL", 79_600, 20.0, 21.0, 22.0, 30.0),
)
SHARES = (
    Row(STREAM, "from the mock", 400, 0.5, 1.0, 2.0, 9.0),
    Row(STREAM, "token delay", 80_000, 0.5, 1.0, 6.0, 9.0),
)
LATE = Row("load generator", "late", 1200, 0.2, 0.5, 1.5, 4.0)
GOOD = replace(
    NOTHING,
    asked=400,
    right=400,
    seconds=40.0,
    rows=ROWS,
    observed=Observed(busy=0.1, queued=0.0, stolen=0.0),
    ledger=Ledger(400, SHARES, 0.0, 0),
    arrivals=Arrivals("constant", 1200, 20.1, 0.0, LATE),
)


def verdicts(claims: object) -> list[bool]:
    return [claim.holds for claim in claims]  # type: ignore[attr-defined]


def test_each_share_is_held_against_its_bar() -> None:
    assert cpu_a_token(GOOD) == pytest.approx(50)
    assert [claim.value for claim in shares(GOOD)] == [2.0, 6.0, 50.0]
    assert verdicts(shares(GOOD)) == [True, False, True]


def answers(streams: int, each: int = 3) -> list[Record]:
    """Of streams that begin one after the other over a second, each some answers of 99 tokens in 1.98 s."""
    itl = (0.02,) * 98
    timing = Timing(ttfb=0.02, ttft=0.02, itl=itl, tpot=0.02, total=1.98)
    return [
        Record(request_id="", mode=STREAM, outcome=RIGHT, sent=number / streams + 1.98 * turn, timing=timing)
        for number in range(streams)
        for turn in range(each)
    ]


def test_the_rate_is_that_of_the_time_in_which_all_streams_are_open() -> None:
    assert steady_rate(answers(10), 10) == pytest.approx(500, rel=0.01)
    assert math.isnan(steady_rate(answers(10), 31))
    assert math.isnan(steady_rate(answers(10, each=1), 10))


def test_fast_and_disturbed_is_not_fast() -> None:
    assert verdicts(throughput(GOOD, answers(195), 195)) == [False, True]
    fast = replace(GOOD, doubts=("the load generator was late itself",))
    assert verdicts(throughput(fast, answers(205), 205)) == [True, False]


def test_arrivals() -> None:
    assert verdicts(schedule(GOOD, 20)) == [True, True]
    assert verdicts(schedule(GOOD, 19.5)) == [False, True]
    assert verdicts(spread(GOOD)) == [False]
    assert verdicts(right(replace(GOOD, right=399))) == [False]


@pytest.mark.parametrize(
    "what",
    [shares, lambda report: throughput(report, [], 1), lambda report: schedule(report, 20), spread, right],
)
def test_what_was_not_measured_does_not_hold(what: object) -> None:
    assert verdicts(what(NOTHING))[0] is False  # type: ignore[operator]


def test_what_a_disturbed_run_says_is_neither_met_nor_missed() -> None:
    holds, missed = Claim("a", 1, "at most 2", holds=True), Claim("b", 3, "at most 2", holds=False)
    disturbed: Report = replace(GOOD, doubts=("starved",))
    assert exit_code([(GOOD, [holds])]) == 0
    assert exit_code([(disturbed, [holds])]) == 4
    assert exit_code([(disturbed, [holds, missed]), (GOOD, [holds])]) == 4
    assert exit_code([(disturbed, [missed]), (GOOD, [missed])]) == 1
