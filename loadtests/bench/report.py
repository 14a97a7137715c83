"""The medians of a bench as values, as a table and as JSON."""

from __future__ import annotations

import math
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import msgspec
from rich.box import SIMPLE_HEAD
from rich.table import Table

from loadtests.bench.measure import Measurement


@dataclass(frozen=True)
class Bar:
    """One figure that the app is held to: at most `limit`."""

    what: str
    limit: float
    value: float
    unit: str = ""
    stolen_share: float = 0.0
    """Of the machine's time while it was measured, where that took a run of its own."""

    @property
    def met(self) -> bool:
        """Whether the figure is within its limit; one that could not be got is not."""
        return self.value <= self.limit


@dataclass(frozen=True)
class Report:
    """A finished bench."""

    about: dict[str, str | int | float]
    measurements: tuple[Measurement, ...]
    medians: tuple[Measurement, ...]
    bars: tuple[Bar, ...]


def medians(measurements: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """One measurement for each contender and load: of each figure the median, of failures the sum.

    Of those that were disturbed only the failures count, unless all were.
    """
    groups: dict[tuple[int, float, str], list[Measurement]] = {}
    for one in measurements:
        groups.setdefault((one.streams, one.per_second, one.contender), []).append(one)
    return tuple(_median(group) for group in groups.values())


def _median(group: Sequence[Measurement]) -> Measurement:
    floats = [field.name for field in fields(Measurement) if field.type == "float"]
    failures: dict[str, int] = {}
    for one in group:
        for kind, count in one.failures.items():
            failures[kind] = failures.get(kind, 0) + count
    counted = [one for one in group if not one.is_disturbed] or group
    middle: dict[str, Any] = {name: _middle([getattr(one, name) for one in counted]) for name in floats}
    return replace(group[0], failures=failures, **middle)


def _middle(values: Sequence[float]) -> float:
    finite = [value for value in values if not math.isnan(value)]
    return statistics.median(finite) if finite else math.nan


def table(rows: Sequence[Measurement]) -> Table:
    """The medians, a line for each contender under each load."""
    made = Table(box=SIMPLE_HEAD, title="What one relayed token costs")
    for heading in ("streams", "stack"):
        made.add_column(heading)
    for heading in (
        "CPU/token",
        "with requests",
        "TTFT p50",
        "p99",
        "total p50",
        "memory/stream",
        "failed",
        "stolen",
    ):
        made.add_column(heading, justify="right")
    load = None
    for row in rows:
        if load not in (None, (row.streams, row.per_second)):
            made.add_section()
        load = (row.streams, row.per_second)
        made.add_row(
            f"{row.streams} × {row.per_second:g}/s",
            row.contender,
            f"{row.cpu_us_per_token:.1f} µs",
            f"{row.cpu_us_per_token_with_requests:.1f} µs",
            f"{row.first_token_p50_ms:.1f} ms",
            f"{row.first_token_p99_ms:.1f} ms",
            f"{row.total_p50_seconds:.3f} s",
            f"{row.memory_kib_per_stream:.0f} KiB",
            str(sum(row.failures.values())),
            f"{row.stolen_share:.1%}",
        )
    return made


def bar_table(bars: Sequence[Bar]) -> Table:
    """What the app is held to, and what it reached."""
    made = Table(box=SIMPLE_HEAD, title="Bars")
    made.add_column("what")
    for heading in ("at most", "got", "", "stolen"):
        made.add_column(heading, justify="right")
    for bar in bars:
        made.add_row(
            bar.what,
            f"{bar.limit:g}{bar.unit}",
            f"{bar.value:.3g}{bar.unit}",
            "met" if bar.met else "MISSED",
            f"{bar.stolen_share:.1%}" if bar.stolen_share else "",
        )
    return made


def about(rounds: int) -> dict[str, str | int | float]:
    """The machine, as far as the figures depend on it."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count() or 0,
        "load_before": os.getloadavg()[0],
        "rounds": rounds,
    }


def save(report: Report, path: Path) -> None:
    """Write it as JSON; a figure that could not be got is null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
