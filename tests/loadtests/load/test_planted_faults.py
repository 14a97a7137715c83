"""The limits that `make loadtest` uses find what they are for, and let a healthy app pass."""

from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate, pairwise

import pytest

from loadtests.chat import Timing
from loadtests.load import exit_code, missed, read_limits
from loadtests.load.judging.limits import gates, good_answers
from loadtests.load.judging.verdict import MET, MISSED, WRONG
from loadtests.load.ledger.journal import Entry
from loadtests.load.ledger.ledger import ledger_of
from loadtests.load.processes.records import RIGHT, Record
from loadtests.load.report import Report
from loadtests.load.summary import report_of
from loadtests.rig import ROOT

LIMITS = read_limits(ROOT / "loadtests" / "limits.toml")
TOKENS = 48
ANSWERS = 100

Plant = Callable[[list[float]], list[float]]


def healthy(left: list[float]) -> list[float]:
    """The app adds 2 ms."""
    return [at + 0.002 for at in left]


def late(left: list[float]) -> list[float]:
    """50 ms more before the first token, which the others do not catch up."""
    return [at + 0.052 for at in left]


def buffered(left: list[float]) -> list[float]:
    """Eight tokens at a time, with the last of them."""
    return [left[at // 8 * 8 + 7] + 0.002 + at % 8 / 1e5 for at in range(len(left))]


def run(plant: Plant, *, wrong: int = 0, answers: int = ANSWERS) -> Report:
    """A hundred answers of the default model, as the user got them, judged as a run is."""
    records, entries = [], []
    for number in range(answers):
        sent = 1000.0 + number
        left = list(accumulate([0.02] * (TOKENS - 1), initial=sent + 0.3))
        came = [at - sent for at in plant(left)]
        gaps = tuple(later - earlier for earlier, later in pairwise(came))
        tpot = (came[-1] - came[0]) / (TOKENS - 1)
        timing = Timing(ttfb=0.002, ttft=came[0], itl=gaps, tpot=tpot, total=came[-1])
        is_wrong = number < wrong
        records.append(
            Record(
                request_id=str(number),
                mode="/chat streaming",
                outcome="wrong text" if is_wrong else RIGHT,
                sent=sent,
                timing=None if is_wrong else timing,
            )
        )
        entries.append(
            Entry(
                received=sent,
                started=sent,
                outcome="complete",
                client_request_id=str(number),
                actual=left,
            )
        )
    report = report_of(records, len(records), {})
    report = replace(
        report, good=good_answers(records, LIMITS), ledger=ledger_of(records, entries, 2000.0, 0.0)
    )
    return replace(report, gates=tuple(gates(report, LIMITS)))


def names(report: Report) -> set[str]:
    return {gate.name for gate in missed(report)}


def test_a_healthy_app_meets_every_limit() -> None:
    report = run(healthy)
    assert (names(report), exit_code(report)) == (set(), MET)
    assert all(gate.is_met for gate in report.gates)


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (late, {"streaming TTFT p50 in ms"}),
        (
            buffered,
            {"held_back_share", "streaming TTFT p50 in ms", "streaming ITL p95 in ms"},
        ),
    ],
)
def test_a_planted_fault_is_found_and_named(plant: Plant, found: set[str]) -> None:
    report = run(plant)
    assert exit_code(report) == MISSED
    assert found <= names(report)


def test_one_wrong_answer_in_a_thousand_is_found() -> None:
    assert exit_code(run(healthy, wrong=1, answers=1000)) == WRONG
