"""Limits on the figures of a run, from a TOML file, and whether each is met.

[good.streaming]           what makes a right answer of a behaviour a good one; goodput counts these
TTFT_ms = 500
[run]                      wrong_share, held_back_share at most; good_share, rate, good_rate at least
good_share = 0.99
[streaming]                a behaviour: each of its metrics at most, at p50, p95, p99 or max
TTFT.p95_ms = 400
"""

import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loadtests.load.processes.records import RIGHT, Record
from loadtests.load.report import METRICS, Gate, Report
from loadtests.load.summary import needed, times

POINTS = {"p50_ms": 0.50, "p95_ms": 0.95, "p99_ms": 0.99, "max_ms": 0.0}
AT_LEAST = ("good_share", "rate", "good_rate")
OF_RUN = ("wrong_share", "held_back_share", *AT_LEAST)
MOST = {name: 1.0 if name.endswith("_share") else math.inf for name in OF_RUN}
BEHAVIOURS = ("streaming", "blocking", "conversing")
"""Those whose answers have times; whoever leaves or reads slowly has none."""


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
    """The limits of a file; raises LimitsError that names the table, what was expected, what came."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise LimitsError(f"{path}: {error}") from error
    try:
        good = _table(tables.pop("good", {}), "[good]", BEHAVIOURS)
        run = _table(tables.pop("run", {}), "[run]", OF_RUN)
        behaviours = _table(tables, "a table", (*BEHAVIOURS, "good", "run"))
        return Limits(
            good={name: _good(table, f"[good.{name}]") for name, table in good.items()},
            run={name: _number(limit, f"[run] {name}", MOST[name]) for name, limit in run.items()},
            behaviours={name: _metrics(table, f"[{name}]") for name, table in behaviours.items()},
        )
    except LimitsError as error:
        raise LimitsError(f"{path}: {error}") from error


def _good(table: object, where: str) -> Mapping[str, float]:
    known = tuple(f"{metric}_ms" for metric in METRICS)
    return {
        name.removesuffix("_ms"): _number(limit, f"{where} {name}")
        for name, limit in _table(table, where, known).items()
    }


def _metrics(table: object, where: str) -> Mapping[str, Mapping[str, float]]:
    return {
        metric: {
            point: _number(limit, f"{where} {metric}.{point}")
            for point, limit in _table(points, f"{where} {metric}", tuple(POINTS)).items()
        }
        for metric, points in _table(table, where, METRICS).items()
    }


def _table(found: object, where: str, known: Sequence[str]) -> Mapping[str, object]:
    if not isinstance(found, dict):
        raise LimitsError(f"{where}: expected a table with {' or '.join(known)}, got {found!r}")
    if strange := [name for name in found if name not in known]:
        raise LimitsError(f"{where}: expected one of {', '.join(sorted(known))}; got {strange[0]!r}")
    return found


def _number(found: object, where: str, most: float = math.inf) -> float:
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    if not is_number or not math.isfinite(float(found)) or not 0 <= float(found) <= most:  # type: ignore[arg-type]
        upto = "" if math.isinf(most) else f" to {most:g}"
        raise LimitsError(f"{where}: expected a number from 0{upto or ' up'}, got {found!r}")
    return float(found)  # type: ignore[arg-type]


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
