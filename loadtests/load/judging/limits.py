"""Limits on the figures of a run, from a TOML file, and whether each is met.

[good.streaming]           what makes a right answer of a behaviour a good one; goodput counts these
TTFT_ms = 500
[run]                      wrong_share, held_back_share at most; good_share, rate, good_rate at least
good_share = 0.99
[streaming]                a behaviour: each of its metrics at most, at p50, p95, p99 or max
TTFT.p95_ms = 400
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from loadtests.load.processes.records import RIGHT, Record
from loadtests.load.report import METRICS, Gate, Report
from loadtests.load.summary import needed, times

POINTS = {"p50_ms": 0.50, "p95_ms": 0.95, "p99_ms": 0.99, "max_ms": 0.0}
AT_LEAST = ("good_share", "rate", "good_rate")
OF_RUN = ("wrong_share", "held_back_share", *AT_LEAST)


class LimitsError(Exception):
    """A file of limits that cannot be used, said in one line."""


@dataclass(frozen=True)
class Limits:
    good: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Behaviour, metric, milliseconds."""
    run: Mapping[str, float] = field(default_factory=dict)
    behaviours: Mapping[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)
    """Behaviour, metric, point, milliseconds."""


def read(path: Path) -> Limits:
    """The limits of a file; raises LimitsError."""
    try:
        tables = tomllib.loads(path.read_text())
        good = msgspec.convert(tables.pop("good", {}), dict[str, dict[str, float]])
        run = msgspec.convert(tables.pop("run", {}), dict[str, float])
        behaviours = msgspec.convert(tables, dict[str, dict[str, dict[str, float]]])
    except (OSError, ValueError) as error:
        raise LimitsError(f"{path}: {error}") from error
    known = {f"{metric}_ms" for metric in METRICS}
    metrics = {name for table in behaviours.values() for name in table}
    points = {name for table in behaviours.values() for each in table.values() for name in each}
    _check(path, "[good]", {name for table in good.values() for name in table}, known)
    _check(path, "[run]", run, set(OF_RUN))
    _check(path, "a metric", metrics, set(METRICS))
    _check(path, "a point", points, set(POINTS))
    return Limits(
        good={
            behaviour: {name.removesuffix("_ms"): limit for name, limit in table.items()}
            for behaviour, table in good.items()
        },
        run=run,
        behaviours=behaviours,
    )


def _check(path: Path, where: str, names: Mapping[str, float] | set[str], known: set[str]) -> None:
    if strange := sorted(set(names) - known):
        raise LimitsError(f"{path}: {where}: expected one of {', '.join(sorted(known))}; got {strange[0]!r}")


def answers_needed(limits: Limits) -> int:
    """How many answers a run takes, so that each limit can be judged."""
    points = (point for metrics in limits.behaviours.values() for each in metrics.values() for point in each)
    return max((needed(POINTS[point]) for point in points if POINTS[point]), default=1)


def good_answers(records: Sequence[Record], limits: Limits) -> int | None:
    """How many right answers are within the limits of a good one; None without such limits."""
    if not limits.good:
        return None
    measured = (record for record in records if record.outcome == RIGHT and record.timing)
    return sum(_is_good(record, limits.good.get(behaviour_of(record.mode), {})) for record in measured)


def behaviour_of(mode: str) -> str:
    """The behaviour in the name of a row: `/chat streaming`."""
    return mode.rsplit(maxsplit=1)[-1]


def _is_good(record: Record, limits: Mapping[str, float]) -> bool:
    found = times(record)
    return all(
        max(found.get(metric, ()), default=0.0) * 1000 <= milliseconds
        for metric, milliseconds in limits.items()
    )


def gates(report: Report, limits: Limits) -> Iterator[Gate]:
    """Each limit beside what came."""
    figures = _figures(report)
    for name, limit in limits.run.items():
        value = figures[name]
        met = value is not None and (value >= limit if name in AT_LEAST else value <= limit)
        yield Gate(name, limit, value, met, "" if value is not None else "not measured")
    for behaviour, metrics in limits.behaviours.items():
        for metric, points in metrics.items():
            for point, limit in points.items():
                yield _gate(report, behaviour, metric, point, limit)


def _gate(report: Report, behaviour: str, metric: str, point: str, limit: float) -> Gate:
    name = f"{behaviour} {metric} {point.removesuffix('_ms')} in ms"
    row = next(
        (row for row in report.rows if behaviour_of(row.mode) == behaviour and row.metric == metric), None
    )
    if row is None:
        return Gate(name, limit, None, is_met=False, why="not measured")
    value: float | None = getattr(row, point)
    if value is None:
        why = f"{row.count} values, {needed(POINTS[point])} needed"
        return Gate(name, limit, None, is_met=False, why=why)
    return Gate(name, limit, value, value <= limit)


def _figures(report: Report) -> Mapping[str, float | None]:
    ended, measured = report.right + report.wrong, report.timed
    has_good = report.good is not None and bool(report.seconds)
    return {
        "wrong_share": round(report.wrong / ended, 6) if ended else None,
        "held_back_share": report.ledger.held_back_share if report.ledger else None,
        "rate": round((report.right - report.warm_up) / report.seconds, 3) if report.seconds else None,
        "good_share": round((report.good or 0) / measured, 6) if has_good and measured else None,
        "good_rate": round((report.good or 0) / report.seconds, 3) if has_good else None,
    }
