"""The result of a load test as a value, as JSON and as a table."""

from dataclasses import dataclass
from pathlib import Path

import msgspec
from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

METRICS = ("TTFB", "TTFT", "ITL", "TPOT", "total")


@dataclass(frozen=True)
class Row:
    """The distribution of one metric over all right answers of one mode."""

    mode: str
    metric: str
    count: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float


@dataclass(frozen=True)
class Failure:
    """How often answers of one mode were wrong in the same way."""

    mode: str
    kind: str
    count: int


@dataclass(frozen=True)
class Report:
    """A finished run: asked = right + wrong + unfinished.

    `unfinished` were under way when the run was cut off. `crashes` counts the kinds of exceptions in the load
    test itself.
    """

    about: dict[str, str | int | None]
    asked: int
    right: int
    wrong: int
    unfinished: int
    crashes: int
    failures: tuple[Failure, ...]
    rows: tuple[Row, ...]
    client_lag: Row | None


NOTHING = Report(
    about={}, asked=0, right=0, wrong=0, unfinished=0, crashes=0, failures=(), rows=(), client_lag=None
)
"""The report of a run that did not happen."""


def write(report: Report, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")


def read(path: Path) -> Report:
    return msgspec.json.decode(path.read_bytes(), type=Report)


def rendered(report: Report) -> RenderableType:
    """The table of times, then how many answers were right, then each kind of failure."""
    counts = Text(
        f"{report.asked} answers asked for: {report.right} right, {report.wrong} wrong, "
        f"{report.unfinished} unfinished",
        style="red" if report.wrong or report.unfinished else "green",
    )
    failures = [
        Text(f"  {failure.count} × {failure.mode}: {failure.kind}", style="red")
        for failure in sorted(report.failures, key=lambda failure: -failure.count)
    ]
    return Group(_table(report), counts, *failures)


def _table(report: Report) -> Table:
    title = "Time in ms, over right answers"
    table = Table("mode", "metric", title=title, title_justify="left", box=SIMPLE_HEAD, show_edge=False)
    for heading in ("count", "p50", "p95", "p99", "max"):
        table.add_column(heading, justify="right")
    last_mode = None
    for row in sorted(report.rows, key=lambda row: (row.mode, METRICS.index(row.metric))):
        if last_mode not in (None, row.mode):
            table.add_section()
        mode = "" if row.mode == last_mode else row.mode
        times = (f"{value:.1f}" for value in (row.p50_ms, row.p95_ms, row.p99_ms, row.max_ms))
        table.add_row(mode, row.metric, str(row.count), *times)
        last_mode = row.mode
    return table
