"""Fills the page with the figures of a run."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from markupsafe import Markup

from loadtests.load.judging.verdict import breaches, kept_up, missed
from loadtests.load.page import charts
from loadtests.load.page.filling import filled
from loadtests.load.processes.records import Record
from loadtests.load.report import METRICS, Report, shown

HISTOGRAMS = ("TTFT", "ITL", "total")


def page(report: Report, records: Sequence[Record], times: dict[str, dict[str, list[float]]]) -> str:
    """The whole file; `times` are the milliseconds of each metric of each mode."""
    return filled(
        Path(__file__).parent,
        report=report,
        rows=sorted(report.rows, key=lambda row: (row.mode, METRICS.index(row.metric))),
        breaches=breaches(report),
        missed=missed(report),
        kept_up=kept_up(report),
        shown=shown,
        goodput=report.good / report.seconds if report.good is not None and report.seconds else None,
        histograms=list(_histograms(times)),
        over_time=list(_over_time(records)),
        keys=_keys(records),
        waterfall=Markup(charts.waterfall(records)),  # noqa: S704 - made of numbers and escaped names
    )


def _keys(records: Sequence[Record]) -> list[tuple[str, str]]:
    """What the colours of the slowest answers stand for."""
    shared = any(record.shares for record in records)
    whole = any(record.timing and not record.shares for record in records)
    return [
        *([("late", "sent late")] if any(record.due for record in records) else []),
        *([("client", "client"), ("app", "app"), ("model", "model, to the first text")] if shared else []),
        *([("ttft", "to the first text" + ", shares unknown" * shared)] if whole else []),
        ("rest", "to the end"),
    ]


def _histograms(times: dict[str, dict[str, list[float]]]) -> Iterator[tuple[str, Markup]]:
    for mode, metrics in sorted(times.items()):
        for metric in HISTOGRAMS:
            if values := metrics.get(metric):
                title = f"{metric}, {mode}"
                yield title, Markup(charts.histogram(values, title))  # noqa: S704


def _over_time(records: Sequence[Record]) -> Iterator[tuple[str, Markup]]:
    began = min((record.sent for record in records), default=0.0)
    for mode in sorted({record.mode for record in records if record.timing}):
        points = [
            (record.sent - began, record.timing.ttft * 1000)
            for record in records
            if record.mode == mode and record.timing
        ]
        title = f"TTFT by when the answer was asked for, {mode}"
        yield title, Markup(charts.over_time(points, title))  # noqa: S704
