"""The result of a load test as a value, as JSON and as a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

METRICS = ("TTFB", "TTFT", "TTFT due", "ITL", "TPOT", "total", "total due")
TOO_FEW = "–"
"""Instead of a percentile of so few values that it says nothing."""


@dataclass(frozen=True)
class Row:
    """The distribution of one metric over all right answers of one mode."""

    mode: str
    metric: str
    count: int
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    max_ms: float


@dataclass(frozen=True)
class Failure:
    """How often answers of one mode were wrong in the same way."""

    mode: str
    kind: str
    count: int


@dataclass(frozen=True)
class Arrivals:
    """How well an open load kept its schedule."""

    kind: str
    count: int
    rate: float
    """Sent, in answers a second."""
    gap_cv: float
    """Standard deviation of the gaps between arrivals by their mean: 0 if even, 1 if Poisson."""
    late: Row
    """How long after its time each was sent."""


@dataclass(frozen=True)
class Observed:
    """What the load generator went through, the worst of its processes, as shares of the run's time."""

    busy: float
    """Of one core."""
    queued: float
    """Ready to run and without a core: schedstat's second field."""
    stolen: float
    """Of all cores, by the hypervisor."""
    wait_ms: float = 0.0
    """For a core, each time that one was wanted, on average: schedstat's second field by its third."""


@dataclass(frozen=True)
class Ledger:
    """What the mock's journal adds, over the answers that it has."""

    joined: int
    rows: tuple[Row, ...]
    """The shares of the time to the first text, and the delay of each token from the mock to the user."""
    held_back_share: float | None
    """Of the gaps that the mock left between tokens, those that the user did not get: text came in lumps."""
    lost_aborts: int
    """Users who left, and whose answer the mock still wrote."""


@dataclass(frozen=True)
class Gate:
    """One limit and what came; without a value it cannot be judged, and `why` says what is missing."""

    name: str
    limit: float
    value: float | None
    is_met: bool
    why: str = ""


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
    seconds: float = 0.0
    """From the first answer asked for behind the warm-up to the end of the last."""
    warm_up: int = 0
    """Right answers of the warm-up, whose times count nowhere."""
    arrivals: Arrivals | None = None
    observed: Observed | None = None
    mock_late: Row | None = None
    """How late the mock sent its latest token, one value an answer."""
    good: int | None = None
    """Right answers within the limits of a good one; None without such limits."""
    timed: int = 0
    """Right answers that have times: none of the warm-up, of who left or of who read slowly."""
    ledger: Ledger | None = None
    journal_doubt: str = ""
    """What the mock's journal does not say, or should not."""
    gates: tuple[Gate, ...] = ()
    doubts: tuple[str, ...] = ()
    """Each reason why the run is INVALID."""


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
    return Group(_table(report), counts, *failures, *_remarks(report))


def _remarks(report: Report) -> Iterator[Text]:
    if report.warm_up:
        yield Text(f"{report.warm_up} of them in the warm-up, without times")
    if report.arrivals:
        came, late = report.arrivals, report.arrivals.late
        yield Text(
            f"{came.count} {came.kind} arrivals, {came.rate:.2f}/s, CV of their gaps {came.gap_cv:.2f}, "
            f"late by {shown(late.p50_ms)} ms (p50), {shown(late.p99_ms)} (p99), {shown(late.max_ms)} (max)"
        )
    if report.good is not None and report.seconds:
        share = report.good / report.timed if report.timed else 0.0
        yield Text(
            f"Goodput {report.good / report.seconds:.2f}/s: {share:.1%} of the answers with times are good"
        )
    if report.ledger:
        yield from _shares(report.ledger)
    for gate in report.gates:
        verdict = "met" if gate.is_met else gate.why or "MISSED"
        style = "green" if gate.is_met else "red"
        value = TOO_FEW if gate.value is None else f"{gate.value:g}"
        yield Text(f"  {gate.name}: {value}, limit {gate.limit:g}: {verdict}", style=style)


def _shares(ledger: Ledger) -> Iterator[Text]:
    yield Text(f"By the mock's journal, of {ledger.joined} answers:")
    for row in ledger.rows:
        yield Text(
            f"  {row.mode}, {row.metric}: {shown(row.p50_ms)} ms (p50), {shown(row.p99_ms)} (p99), "
            f"{shown(row.max_ms)} (max)"
        )
    if ledger.held_back_share is not None:
        yield Text(f"  held back: {ledger.held_back_share:.1%} of the gaps between tokens")
    if ledger.lost_aborts:
        yield Text(f"  {ledger.lost_aborts} aborts did not reach the upstream", style="red")


def shown(milliseconds: float | None) -> str:
    return TOO_FEW if milliseconds is None else f"{milliseconds:.1f}"


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
        times = (shown(value) for value in (row.p50_ms, row.p95_ms, row.p99_ms, row.max_ms))
        table.add_row(mode, row.metric, str(row.count), *times)
        last_mode = row.mode
    return table
