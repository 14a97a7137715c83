"""The figures of a run, from the records of its answers.

A percentile is given where there are enough values for a two-sided interval of 95 % around it, whatever their
distribution: 6 for a p50, 72 for a p95, 368 for a p99.
"""

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from loadtests.chat import Timing
from loadtests.load.processes.records import RIGHT, Record
from loadtests.load.report import Arrivals, Failure, Report, Row
from loadtests.measuring import percentile_of_counts

CLIENT = "load generator"
OUTSIDE = 0.025
"""The chance that all values are on one side of the percentile, at which it is not given."""


def needed(share: float) -> int:
    """How many values a percentile takes."""
    return math.ceil(math.log(OUTSIDE) / math.log(max(share, 1 - share)))


def report_of(
    records: Sequence[Record], asked: int, about: Mapping[str, str | int | None], kind: str = ""
) -> Report:
    """What the records say; `kind` is that of the arrivals, if the load was open."""
    outcomes = Counter(record.outcome for record in records)
    measured = [record for record in records if not record.is_warm_up]
    wrong = len(records) - outcomes[RIGHT]
    kinds = Counter((record.mode, record.outcome) for record in records if record.outcome != RIGHT)
    return Report(
        about=dict(about),
        asked=asked,
        right=outcomes[RIGHT],
        wrong=wrong,
        unfinished=asked - len(records),
        crashes=0,
        failures=tuple(Failure(mode, kind, count) for (mode, kind), count in sorted(kinds.items())),
        rows=tuple(_rows(measured)),
        client_lag=None,
        seconds=round(_seconds(measured), 3),
        warm_up=sum(record.is_warm_up and record.outcome == RIGHT for record in records),
        timed=sum(record.timing is not None for record in records),
        arrivals=_arrivals(measured, kind) if kind else None,
    )


def row_of(mode: str, metric: str, seconds: Iterable[float]) -> Row | None:
    """The distribution of these times; None of none."""
    counts = Counter(round(value * 1000, 3) for value in seconds)
    if not counts:
        return None
    p50, p95, p99 = (
        percentile_of_counts(counts, share) if counts.total() >= needed(share) else None
        for share in (0.50, 0.95, 0.99)
    )
    return Row(mode, metric, counts.total(), p50, p95, p99, max(counts))


def times(record: Record) -> Mapping[str, tuple[float, ...]]:
    """The values of each metric that one answer has."""
    timing = record.timing
    if timing is None:
        return {}
    found = _times(timing)
    if record.due is not None:
        found |= {"TTFT due": (timing.ttft + record.late,), "total due": (timing.total + record.late,)}
    return found


def _times(timing: Timing) -> dict[str, tuple[float, ...]]:
    return {
        "TTFB": (timing.ttfb,),
        "TTFT": (timing.ttft,),
        "ITL": timing.itl,
        "TPOT": () if timing.tpot is None else (timing.tpot,),
        "total": (timing.total,),
    }


def values(records: Iterable[Record]) -> dict[str, dict[str, list[float]]]:
    """All values in seconds: of each mode those of each metric."""
    found: dict[str, dict[str, list[float]]] = {}
    for record in records:
        for metric, seconds in times(record).items():
            found.setdefault(record.mode, {}).setdefault(metric, []).extend(seconds)
    return found


def _rows(records: Sequence[Record]) -> Iterator[Row]:
    for mode, metrics in sorted(values(records).items()):
        for metric, found in sorted(metrics.items()):
            if row := row_of(mode, metric, found):
                yield row


def _seconds(records: Sequence[Record]) -> float:
    if not records:
        return 0.0
    ends = (record.sent + record.timing.total if record.timing else record.sent for record in records)
    return max(ends) - min(record.sent for record in records)


def _arrivals(records: Sequence[Record], kind: str) -> Arrivals | None:
    dues = sorted(record.due for record in records if record.due is not None)
    sents = sorted(record.sent for record in records if record.due is not None)
    late = row_of(CLIENT, "late", (record.late for record in records if record.due is not None))
    if late is None:
        return None
    gaps = [later - earlier for earlier, later in pairwise(sents)]
    mean = statistics.fmean(gaps) if gaps else 0.0
    return Arrivals(
        kind=kind,
        count=len(dues),
        rate=round(1 / mean, 4) if mean else 0.0,
        gap_cv=round(statistics.pstdev(gaps) / mean, 4) if mean else 0.0,
        late=late,
    )
