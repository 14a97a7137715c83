"""One run at one level: what it says of the limits, and the figures of the curve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from loadtests.capacity.search import Outcome
from loadtests.load import Report, Row, breaches, disturbances, missed, unjudged

STREAMING = "streaming"


class StoppedError(Exception):
    """Somebody has ended the search in the middle of a run."""


@dataclass(frozen=True)
class Step:
    level: float
    """Answers asked for a second, or open streams."""
    outcome: Outcome
    reasons: tuple[str, ...]
    """Why the limits were missed, or why the run is INVALID."""
    answers: int
    """With times."""
    rate: float
    """Right answers a second."""
    good_rate: float
    """Of them the good ones: goodput."""
    ttft_p50_ms: float | None
    ttft_p95_ms: float | None
    itl_p95_ms: float | None
    tpot_p95_ms: float | None = None
    cores: Mapping[str, float] = field(default_factory=dict)
    """How much of a core each had, whose processes are known: at 1 a single worker is at its end."""


def step_of(level: float, report: Report, crowd: Sequence[str] = ()) -> Step:
    """`crowd` is what else on the machine makes its figures doubtful."""
    outcome, reasons = judged(report, crowd)
    ttft = _row(report, "TTFT due") or _row(report, "TTFT")
    itl, tpot = _row(report, "ITL"), _row(report, "TPOT")
    rate = _rate(report)
    good = rate if report.good is None else rate * report.good / report.timed if report.timed else 0.0
    return Step(
        level=level,
        outcome=outcome,
        reasons=reasons,
        answers=report.timed,
        rate=round(rate, 3),
        good_rate=round(good, 3),
        ttft_p50_ms=ttft.p50_ms if ttft else None,
        ttft_p95_ms=ttft.p95_ms if ttft else None,
        itl_p95_ms=itl.p95_ms if itl else None,
        tpot_p95_ms=tpot.p95_ms if tpot else None,
    )


def judged(report: Report, crowd: Sequence[str] = ()) -> tuple[Outcome, tuple[str, ...]]:
    """A disturbed run decides nothing, not even by its wrong answers: a starved client may be their cause."""
    if doubts := (*disturbances(report), *crowd):
        return Outcome.INVALID, doubts
    if wrong := tuple(breaches(report)):
        return Outcome.MISSED, wrong
    if gates := missed(report):
        return Outcome.MISSED, tuple(f"{gate.name}: {gate.value:g}, limit {gate.limit:g}" for gate in gates)
    if doubts := tuple(unjudged(report)):
        return Outcome.INVALID, doubts
    return Outcome.MET, ()


def _rate(report: Report) -> float:
    """An open load's own rate, since the time in which its last answers end is no part of it."""
    right = report.right - report.warm_up
    if report.arrivals:
        ended = right + report.wrong
        return report.arrivals.rate * right / ended if ended else 0.0
    return right / report.seconds if report.seconds else 0.0


def _row(report: Report, metric: str) -> Row | None:
    rows = (row for row in report.rows if row.metric == metric and row.mode.endswith(STREAMING))
    return next(rows, None)
