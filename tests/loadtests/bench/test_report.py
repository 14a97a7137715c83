"""What is shown of a bench, and saved."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path

from rich.console import Console

from loadtests.bench.contenders import NGINX, OURS
from loadtests.bench.report import Bar, Report, about, bar_table, refusals, save, table
from tests.loadtests.bench.measured import measured


def test_what_is_shown_and_saved(tmp_path: Path) -> None:
    rows = (
        measured(OURS, cpu=36.04),
        measured(NGINX, streams=500, failures={"reset": 2}, memory_kib_per_stream=math.nan, client="awake"),
    )
    bars = (Bar("CPU of nginx's", 3.5, 3.6, " ×"), Bar("start", 1, math.nan, said="MissingError: no uv"))
    console = Console(width=150, record=True, file=io.StringIO())
    console.print(table(rows), bar_table(bars))
    save(Report({"cores": 2}, rows, rows, bars), tmp_path / "reports" / "bench.json")

    shown = console.export_text()
    saved = json.loads((tmp_path / "reports" / "bench.json").read_text())
    assert "36.0 µs" in shown
    assert "MISSED" in shown
    assert "n/a: MissingError: no uv" in shown
    assert shown.count("n/a") == 2
    assert [(row["client"], row["memory_kib_per_stream"]) for row in saved["medians"]] == [
        ("asleep", 30.0),
        ("awake", None),
    ]
    assert saved["bars"][1] == {
        "what": "start",
        "limit": 1,
        "value": None,
        "unit": "",
        "said": "MissingError: no uv",
    }


def test_refused_rows_are_named() -> None:
    rows = [measured(OURS), measured(NGINX, disturbances=("client busy 95% of the time",))]
    assert refusals(rows) == ["nginx, 100 streams, client asleep: client busy 95% of the time"]


def test_a_report_says_of_which_commit_and_machine_it_is() -> None:
    assert {"commit", "python", "cores", "load_before", "rounds"} <= about(3).keys()
