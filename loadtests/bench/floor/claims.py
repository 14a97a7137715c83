"""What the load test promises of itself, held against runs of it straight at the mock."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loadtests.load import Record, Report, Row, seen


@dataclass(frozen=True)
class Claim:
    what: str
    value: float
    """Not a number where the run does not say."""
    bar: str
    holds: bool


def shares(report: Report) -> Iterator[Claim]:
    """Of 50 streams at 50 tokens a second."""
    yield _at_most("TTFT p99 behind the mock's first token, ms", _p99(report, "from the mock"), 5)
    yield _at_most("token p99 behind the mock's, ms", _p99(report, "token delay"), 5)
    yield _at_most("CPU a token, requests included, µs", cpu_a_token(report), 60)


def throughput(report: Report, answers: Sequence[Record], streams: int) -> Iterator[Claim]:
    """Of one process under so many streams."""
    rate = steady_rate(answers, streams)
    yield Claim("tokens a second, one process", round(rate, 1), "at least 10000", rate >= 10_000)
    yield Claim("doubts about the run", len(report.doubts), "none: VALID", not report.doubts)


def schedule(report: Report, rate: float) -> Iterator[Claim]:
    """Of an open load of constant arrivals."""
    came = report.arrivals
    off = abs(came.rate / rate - 1) * 100 if came else math.nan
    yield _at_most("rate off by, %", off, 2)
    yield _at_most("sent late, p99, ms", (came.late.p99_ms if came else None) or math.nan, 5)


def spread(report: Report) -> Iterator[Claim]:
    """Of an open load of Poisson arrivals."""
    variation = report.arrivals.gap_cv if report.arrivals else math.nan
    yield Claim("CV of the gaps between arrivals", variation, "0.9 to 1.1", 0.9 <= variation <= 1.1)


def right(report: Report) -> Iterator[Claim]:
    wrong = report.asked - report.right
    yield Claim(f"not right of {report.asked} answers", wrong, "none", report.asked > 0 and wrong == 0)


def tokens(report: Report) -> int:
    """Text objects of right answers; the mock sends each token in one of its own."""
    return sum(row.count for row in report.rows if row.metric in ("TTFT", "ITL"))


def steady_rate(answers: Sequence[Record], streams: int) -> float:
    """Tokens seen a second while all streams are open.

    That is from the first token of the last of them to the last asking, before which nobody leaves.
    """
    by_time = sorted(answers, key=lambda record: record.sent)
    first_ones = [record for record in by_time[:streams] if record.timing]
    if len(first_ones) < streams:
        return math.nan
    began = max(record.sent + seen(record)[0] for record in first_ones)
    ended = by_time[-1].sent
    came = sum(began < record.sent + at <= ended for record in answers for at in seen(record))
    return came / (ended - began) if ended > began else math.nan


def cpu_a_token(report: Report) -> float:
    """In microseconds."""
    if report.observed is None or not tokens(report):
        return math.nan
    return report.observed.busy * report.seconds * 1e6 / tokens(report)


def _p99(report: Report, share: str) -> float:
    rows: tuple[Row, ...] = report.ledger.rows if report.ledger else ()
    found = [row.p99_ms for row in rows if row.metric == share and row.p99_ms is not None]
    return max(found, default=math.nan)


def _at_most(what: str, value: float, limit: float) -> Claim:
    return Claim(what, round(value, 2), f"at most {limit:g}", value <= limit)
