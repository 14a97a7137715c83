from pathlib import Path

import jsonschema_rs
import msgspec
from rich.console import Console

from loadtests.load.report import Failure, Report, Row, read, rendered, write
from loadtests.rig import ROOT
from tests.loadtests.schemas import schema_of

SCHEMA = ROOT / "docs" / "summary.schema.json"

REPORT = Report(
    about={"host": "http://127.0.0.1:8000", "model": "mock", "seed": 1},
    asked=15,
    right=11,
    wrong=3,
    unfinished=1,
    crashes=0,
    failures=(Failure("/chat streaming", "cut short", 1), Failure("/chat streaming", "wrong text", 2)),
    rows=(
        Row("/chat streaming", "total", 9, 1200.0, 1300.0, 1310.0, 1312.5),
        Row("/chat streaming", "TTFT", 9, 310.0, 320.0, 321.0, 322.5),
        Row("/chat blocking", "total", 2, 1201.0, 1301.0, 1311.0, 1313.5),
    ),
    client_lag=Row("load generator", "LAG", 500, 0.1, 0.4, 1.2, 3.4),
)
TABLE = """\
Time in ms, over right answers
 mode              metric   count      p50      p95      p99      max
──────────────────────────────────────────────────────────────────────
 /chat blocking    total        2   1201.0   1301.0   1311.0   1313.5

 /chat streaming   TTFT         9    310.0    320.0    321.0    322.5
                   total        9   1200.0   1300.0   1310.0   1312.5
15 answers asked for: 11 right, 3 wrong, 1 unfinished
  2 × /chat streaming: wrong text
  1 × /chat streaming: cut short
"""


def test_what_was_written_can_be_read(tmp_path: Path) -> None:
    write(REPORT, tmp_path / "new folder" / "report.json")
    assert read(tmp_path / "new folder" / "report.json") == REPORT


def test_the_table() -> None:
    console = Console(width=100, color_system=None)
    with console.capture() as printed:
        console.print(rendered(REPORT))
    assert "\n".join(line.rstrip() for line in printed.get().splitlines()) + "\n" == TABLE


def test_the_schema_is_that_of_the_code() -> None:
    """`.venv/bin/python -m tests.loadtests.load.test_report` writes it anew."""
    assert SCHEMA.read_text() == schema_of(Report)


def test_a_report_holds_its_schema(tmp_path: Path) -> None:
    write(REPORT, tmp_path / "report.json")
    validator = jsonschema_rs.validator_for(msgspec.json.decode(schema_of(Report)))
    assert validator.is_valid(msgspec.json.decode((tmp_path / "report.json").read_bytes()))
    assert not validator.is_valid({"asked": 1})


if __name__ == "__main__":
    SCHEMA.write_text(schema_of(Report))
