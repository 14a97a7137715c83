"""Medians, bars and what is shown of them."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path

from rich.console import Console

from loadtests.bench.bars import table_bars
from loadtests.bench.contenders import DIRECT, FASTAPI, NGINX, OURS, Contender
from loadtests.bench.measure import Measurement
from loadtests.bench.report import Bar, Report, bar_table, medians, save, table


def measured(contender: Contender, streams: int = 100, cpu: float = 10.0, **values: object) -> Measurement:
    figures = {
        "cpu_us_per_token": cpu,
        "cpu_us_per_token_with_requests": cpu,
        "first_token_p50_ms": 1.0,
        "first_token_p99_ms": 2.0,
        "total_p50_seconds": 5.0,
        "memory_kib_per_stream": 30.0,
        "failures": {},
        "upstream_us_per_token": 6.0,
        "upstream_connections": 1,
        "upstream_late_ms": 0.0,
        "client_busy_share": 0.1,
        "stolen_share": 0.0,
    }
    return Measurement(contender.name, streams, 50, 500, **(figures | values))


def test_the_median_of_each_figure_and_the_sum_of_failures() -> None:
    rounds = [measured(OURS, cpu=cpu, failures={"reset": 1}) for cpu in (30.0, math.nan, 50.0, 31.0)]

    assert medians([*rounds, measured(NGINX)]) == (
        measured(OURS, cpu=31.0, failures={"reset": 4}),
        measured(NGINX),
    )


def test_of_disturbed_rounds_only_the_failures_count() -> None:
    rounds = [measured(OURS, cpu=30.0), measured(OURS, cpu=90.0, stolen_share=0.1, failures={"reset": 1})]

    assert medians(rounds) == (measured(OURS, cpu=30.0, failures={"reset": 1}),)


def test_if_all_were_disturbed_all_count() -> None:
    rounds = [measured(OURS, cpu=cpu, stolen_share=0.1) for cpu in (30.0, 50.0, 90.0)]

    assert medians(rounds) == (measured(OURS, cpu=50.0, stolen_share=0.1),)


def test_bars_follow_from_the_table_as_far_as_it_goes() -> None:
    rows = [measured(DIRECT), measured(NGINX, cpu=10), measured(OURS, cpu=36), measured(FASTAPI, cpu=180)]

    assert [(bar.limit, bar.value, bar.met) for bar in table_bars(rows)] == [
        (1 / 5, 0.2, True),
        (3.5, 3.6, False),
        (1.01, 1.0, True),
    ]


def test_a_figure_that_could_not_be_got_meets_no_bar() -> None:
    assert not Bar("what", 1.0, math.nan).met


def test_what_is_shown_and_saved(tmp_path: Path) -> None:
    rows = (measured(OURS, cpu=36.04), measured(NGINX, streams=500, failures={"reset": 2}))
    bars = (Bar("CPU of nginx's", 3.5, 3.6, " ×"),)
    console = Console(width=130, record=True, file=io.StringIO())
    console.print(table(rows), bar_table(bars))
    save(Report({"cores": 2}, rows, rows, bars), tmp_path / "reports" / "bench.json")

    shown = console.export_text()
    saved = json.loads((tmp_path / "reports" / "bench.json").read_text())
    assert "36.0 µs" in shown
    assert "MISSED" in shown
    assert saved["medians"][1]["failures"] == {"reset": 2}
    assert saved["bars"] == [
        {"what": "CPU of nginx's", "limit": 3.5, "value": 3.6, "unit": " ×", "stolen_share": 0.0}
    ]
