"""A bench as tables and as JSON, where a figure that could not be had is "n/a", or null."""

from __future__ import annotations

import math
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from rich.box import SIMPLE_HEAD
from rich.table import Table

from loadtests.bench.measure import Measurement
from loadtests.rig import ROOT


@dataclass(frozen=True)
class Bar:
    """One figure that the app is held to: at most `limit`."""

    what: str
    limit: float
    value: float
    unit: str = ""
    said: str = ""
    """Why there is no value, or what disturbed it."""

    @property
    def met(self) -> bool:
        """Whether the figure is within its limit; one that could not be got is not."""
        return self.value <= self.limit


@dataclass(frozen=True)
class Report:
    """A bench, finished or as far as it came."""

    about: dict[str, str | int | float]
    measurements: tuple[Measurement, ...] = ()
    medians: tuple[Measurement, ...] = ()
    bars: tuple[Bar, ...] = ()
    missing: tuple[str, ...] = ()
    """Who was left out, and what failed, and why."""


def table(rows: Sequence[Measurement]) -> Table:
    """The medians, a line for each contender under each load with each client."""
    made = Table(box=SIMPLE_HEAD, title="What one relayed token costs")
    for heading in ("streams", "client", "stack"):
        made.add_column(heading)
    for heading in (
        "CPU/token\nwith requests",
        "\nall open",
        "TTFT\np50",
        "\np99",
        "total\np50",
        "memory\na stream",
        "\nfailed",
        "tokens\na read",
    ):
        made.add_column(heading, justify="right")
    load = None
    for row in sorted(rows, key=lambda row: (row.streams, row.per_second, row.client)):
        if load not in (None, (row.streams, row.per_second, row.client)):
            made.add_section()
        load = (row.streams, row.per_second, row.client)
        made.add_row(
            f"{row.streams} × {row.per_second:g}/s",
            row.client,
            row.contender,
            shown(row.cpu_us_per_token_with_requests, ".1f", " µs"),
            shown(row.cpu_us_per_token, ".1f", " µs"),
            shown(row.first_token_p50_ms, ".1f", " ms"),
            shown(row.first_token_p99_ms, ".1f", " ms"),
            shown(row.total_p50_seconds, ".3f", " s"),
            shown(row.memory_kib_per_stream, ".0f", " KiB"),
            str(sum(row.failures.values())),
            shown(row.circumstances.tokens_per_read, ".2f"),
        )
    return made


def shown(value: float, form: str, unit: str = "") -> str:
    return "n/a" if math.isnan(value) else f"{value:{form}}{unit}"


def refusals(rows: Sequence[Measurement]) -> list[str]:
    """The rows without a round that counts, and why."""
    return [
        f"{row.contender}, {row.streams} streams, client {row.client}: {'; '.join(row.disturbances)}"
        for row in rows
        if row.disturbances
    ]


def bar_table(bars: Sequence[Bar]) -> Table:
    """What the app is held to, and what it reached."""
    made = Table(box=SIMPLE_HEAD, title="Bars")
    made.add_column("what")
    for heading in ("at most", "got", ""):
        made.add_column(heading, justify="right")
    for bar in bars:
        got = shown(bar.value, ".3g", bar.unit)
        made.add_row(
            bar.what,
            f"{bar.limit:.3g}{bar.unit}",
            f"{got}: {bar.said}" if bar.said else got,
            "met" if bar.met else "MISSED",
        )
    return made


def about(rounds: int) -> dict[str, str | int | float]:
    """The machine and the commit, as far as the figures depend on them."""
    return {
        "commit": _commit(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count() or 0,
        "load_before": os.getloadavg()[0],
        "rounds": rounds,
    }


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    try:
        return subprocess.run(  # noqa: S603
            command, cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def save(report: Report, path: Path) -> None:
    """Write it as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
