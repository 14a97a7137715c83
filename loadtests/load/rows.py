"""Locust's statistics: what goes into them beside its own rows of requests, and the report that comes out.

They are logged past the request event, so that `Aggregated` and the charts count answers only.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

import locust.stats
from locust.stats import RequestStats, StatsEntry

from loadtests.chat import Timing
from loadtests.load.report import Failure, Report, Row
from loadtests.measuring import percentile_of_counts

CLIENT = "load generator"
LAG = "LAG"
TOTAL = "POST"


def refine_buckets() -> None:
    """Have Locust keep times to 0.1 ms below 100 ms and to three digits above, in this process."""
    locust.stats.bucket_response_time = _bucket  # type: ignore[assignment]  # whole ms by annotation only


def _bucket(milliseconds: float) -> float:
    if milliseconds < 100:
        return round(milliseconds, 1)
    return float(f"{milliseconds:.3g}")


def record(stats: RequestStats, mode: str, timing: Timing) -> None:
    """Log the parts of a right answer's time; its total is the request's own row."""
    for metric, values in {
        "TTFB": (timing.ttfb,),
        "TTFT": (timing.ttft,),
        "ITL": timing.itl,
        "TPOT": () if timing.tpot is None else (timing.tpot,),
    }.items():
        for seconds in values:
            log(stats, mode, metric, seconds)


def log(stats: RequestStats, name: str, metric: str, seconds: float) -> None:
    stats.get(name, metric).log(seconds * 1000, 0)  # type: ignore[arg-type]  # int by annotation only


def report(stats: RequestStats, asked: int, crashes: int, about: Mapping[str, str | int | None]) -> Report:
    """What the statistics say of a finished run."""
    entries = sorted(stats.entries.values(), key=lambda entry: (entry.name, entry.method))
    rows = tuple(row for entry in entries for row in _rows(entry))
    return Report(
        about=dict(about),
        asked=asked,
        right=stats.total.num_requests - stats.total.num_failures,
        wrong=stats.total.num_failures,
        unfinished=asked - stats.total.num_requests,
        crashes=crashes,
        failures=tuple(_failures(stats)),
        rows=tuple(row for row in rows if row.mode != CLIENT),
        client_lag=next((row for row in rows if row.mode == CLIENT), None),
    )


def _rows(entry: StatsEntry) -> Iterator[Row]:
    longest = round(float(entry.max_response_time), 1)
    # A bucket's name can be rounded to more than any time in it.
    times = Counter[float]()
    for bucket, count in entry.response_times.items():
        times[min(float(bucket), longest)] += count
    if times:
        yield Row(
            mode=entry.name,
            metric="total" if entry.method == TOTAL else entry.method,
            count=times.total(),
            p50_ms=percentile_of_counts(times, 0.50),
            p95_ms=percentile_of_counts(times, 0.95),
            p99_ms=percentile_of_counts(times, 0.99),
            max_ms=longest,
        )


def _failures(stats: RequestStats) -> Iterator[Failure]:
    for error in stats.errors.values():
        # Locust's own name of an error: "POST mode: kind".
        kind = error.to_name().partition(": ")[2].strip("'\"")
        yield Failure(mode=error.name, kind=kind, count=error.occurrences)
