"""What answers and journal say together, with faults planted in between."""

from dataclasses import replace
from itertools import accumulate

import pytest
from msgspec import structs

from loadtests.chat import Timing
from loadtests.load.judging.verdict import WRONG, breaches, exit_code
from loadtests.load.ledger.journal import Entry
from loadtests.load.ledger.ledger import ledger_of, shared
from loadtests.load.processes.records import RIGHT, Record
from loadtests.load.report import NOTHING, Ledger

AHEAD = 1_700_000_000.0
SENT = AHEAD + 100.0
TOKENS = 16
STREAM = "/chat streaming"


def timing(ttft: float, gaps: tuple[float, ...]) -> Timing:
    return Timing(ttfb=0.0, ttft=ttft, itl=gaps, tpot=None, total=ttft + sum(gaps))


def entry(request_id: str = "a", outcome: str = "complete", ended: float | None = 101.0) -> Entry:
    """The mock has the request after 5 ms, and sends a token after 300 ms and every 20 ms."""
    left = list(accumulate([0.02] * (TOKENS - 1), initial=100.305))
    return Entry(
        received=AHEAD + 100.0052,
        started=100.005,
        outcome=outcome,
        ended=ended,
        client_request_id=request_id,
        actual=left,
    )


def record(gaps: tuple[float, ...], ttft: float = 0.307) -> Record:
    return Record(request_id="a", mode=STREAM, outcome=RIGHT, sent=SENT, timing=timing(ttft, gaps))


def joined(*records: Record, noted: Entry | None = None, own_ahead: float = AHEAD) -> Ledger:
    found = ledger_of(records, [noted or entry()], SENT + 60, own_ahead)
    assert found
    return found


def medians(ledger: Ledger) -> dict[str, float]:
    return {row.metric: row.max_ms for row in ledger.rows}


def test_the_shares_add_up_to_the_time_to_the_first_token() -> None:
    ledger = joined(record((0.02,) * (TOKENS - 1)))
    assert medians(ledger) == pytest.approx(
        {"to the mock": 5, "the mock": 300, "from the mock": 2, "token delay": 2}, abs=0.01
    )
    assert (ledger.held_back_share, ledger.lost_aborts) == (0, 0)


def test_where_the_app_says_its_time_the_shares_are_three() -> None:
    told = record((0.02,) * (TOKENS - 1))
    assert told.timing
    told = structs.replace(told, timing=replace(told.timing, apps_ttft=0.304))
    (shared_out,) = shared([told], [entry()])
    assert shared_out.shares
    assert structs.asdict(shared_out.shares) == pytest.approx({"model": 0.3, "app": 0.004, "client": 0.003})
    assert medians(joined(told)) == pytest.approx(
        {
            "to the mock": 5,
            "the mock": 300,
            "from the mock": 2,
            "the app": 4,
            "the client": 3,
            "token delay": 2,
        },
        abs=0.01,
    )
    assert shared([record(()), told], [])[0].shares is None


def test_a_mock_elsewhere_has_a_clock_of_its_own() -> None:
    """Five ms there and two back are 3.5 each: whose the difference is, no clock of another machine can say."""
    ledger = joined(record((0.02,) * (TOKENS - 1)), own_ahead=5.0)
    shares = {"to the mock": 3.5, "the mock": 300, "from the mock": 3.5, "token delay": 3.5}
    assert medians(ledger) == pytest.approx(shares, abs=0.01)
    wrong = structs.replace(entry(), received=AHEAD - 3600)
    assert medians(joined(record((0.02,) * (TOKENS - 1)), noted=wrong)) == medians(ledger)


def test_fifty_milliseconds_more_are_the_apps() -> None:
    ledger = joined(record((0.02,) * (TOKENS - 1), ttft=0.357))
    assert medians(ledger)["the mock"] == pytest.approx(300, abs=0.01)
    assert medians(ledger)["from the mock"] == pytest.approx(52, abs=0.01)


@pytest.mark.parametrize(
    "gaps",
    [(*(0.00005,) * 7, 0.16, *(0.00005,) * 7), (0.16,)],
    ids=["eight texts at once", "eight tokens in one text"],
)
def test_tokens_that_come_eight_at_a_time_are_held_back(gaps: tuple[float, ...]) -> None:
    assert joined(record(gaps, ttft=0.45)).held_back_share == pytest.approx(14 / 15)


@pytest.mark.parametrize(
    ("outcome", "ended", "lost"),
    [
        ("client_gone", 100.5, 0),
        ("complete", 100.6, 0),
        ("complete", 102.0, 1),
        ("sending", None, 1),
    ],
)
def test_an_abort_that_did_not_reach_the_upstream_fails_the_run(
    outcome: str, ended: float | None, lost: int
) -> None:
    left = Record(request_id="a", mode="/chat leaving", outcome=RIGHT, sent=SENT, left=SENT + 0.4)
    ledger = joined(left, noted=entry(outcome=outcome, ended=ended))
    assert ledger.lost_aborts == lost
    report = replace(NOTHING, asked=1, right=1, ledger=ledger)
    assert len(breaches(report)) == lost
    assert (exit_code(report) == WRONG) == bool(lost)


def test_answers_that_the_mock_does_not_know() -> None:
    assert ledger_of([record((0.02,))], [entry("b")], SENT, AHEAD) is None
    assert ledger_of([], [], SENT, AHEAD) is None
