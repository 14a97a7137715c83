"""The result as JSON, as lines and as a page."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import jsonschema_rs
import msgspec
import pytest

from loadtests.capacity import result
from loadtests.capacity.finding import Finding, Known, finding
from loadtests.capacity.page.page import curves, page
from loadtests.capacity.result import Capacity
from loadtests.capacity.search import Outcome
from loadtests.capacity.step import Step
from loadtests.rig import ROOT
from tests.loadtests.schemas import schema_of

SCHEMA = ROOT / "docs" / "capacity.schema.json"
MET = Step(20, Outcome.MET, (), 240, 20.1, 20.1, 302.0, 310.5, 21.0)
MISSED = Step(
    40, Outcome.MISSED, ("streaming TTFT p95 in ms: 600, limit 450 <b>",), 480, 39.0, 8.0, 380.0, 600.0, 30.0
)
INVALID = Step(80, Outcome.INVALID, ("the load generator was late",), 0, 0.0, 0.0, None, None, None)
FOUND = finding("arrival rate", "answers/s", [MET, MISSED])
CAPACITY = Capacity({"host": "http://127.0.0.1:1", "seed": 1, "model": None}, "[run]\n", (FOUND,))


def test_the_schema_is_that_of_the_code() -> None:
    """`.venv/bin/python -m tests.loadtests.capacity.test_result` writes it anew."""
    assert SCHEMA.read_text() == schema_of(Capacity)


def test_a_summary_holds_its_schema_and_can_be_read(tmp_path: Path) -> None:
    result.write(CAPACITY, tmp_path / "summary.json")
    written = msgspec.json.decode((tmp_path / "summary.json").read_bytes())
    validator = jsonschema_rs.validator_for(msgspec.json.decode(schema_of(Capacity)))
    assert validator.is_valid(written)
    assert not validator.is_valid({"findings": 1})
    assert msgspec.convert(written, Capacity) == CAPACITY


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([MET, MISSED], 0),
        ([MET], 0),
        ([MISSED], 3),
        ([MET, INVALID, INVALID], 4),
        ([INVALID, INVALID], 4),
        ([], 4),
    ],
)
def test_the_exit_code_is_that_of_what_is_known(steps: list[Step], code: int) -> None:
    assert result.exit_code([FOUND, finding("open streams", "streams", steps)]) == code


def test_nothing_that_was_asked_is_no_success() -> None:
    assert result.exit_code([]) == 1


def test_the_lines_say_the_answer_and_what_gives_out_first() -> None:
    assert [line.plain for line in result.lines([FOUND])] == [
        "Capacity, arrival rate: 20 answers/s, between 20 and 40",
        "  What gives out first: streaming TTFT p95 in ms: 600, limit 450 <b>",
        "  Knee of the curve: 20 answers/s",
    ]
    assert result.step_line(INVALID, "streams").plain == (
        "  80 streams: INVALID, TTFT p95 – ms, goodput 0.0/s: the load generator was late"
    )


@pytest.mark.parametrize(
    "found", [FOUND, finding("open streams", "streams", [INVALID]), finding("open streams", "streams", [])]
)
def test_the_page_says_the_answer_first_and_needs_nothing_else(found: Finding) -> None:
    html = page(replace(CAPACITY, findings=(found,)))
    assert not re.search(r"(?:src|href)=|url\(|@import|<script", html)
    assert "<b>:" not in html
    assert html.index("Capacity, ") < html.index("<table>") < html.index("The limits")
    assert html.endswith("</html>")


@pytest.mark.parametrize("levels", [(20, 40), (0.1, 0.2), (1000, 10_000), (1,)])
def test_a_curve_of_anything_is_drawn(levels: tuple[float, ...]) -> None:
    steps = [replace(MET if number == 0 else MISSED, level=level) for number, level in enumerate(levels)]
    found = finding("arrival rate", "answers/s", steps)
    for svg in curves(found):
        ElementTree.fromstring(svg)
        assert svg.count("<circle") >= len(levels)
        assert ("interval" in svg) == (found.known is Known.BETWEEN)


if __name__ == "__main__":
    SCHEMA.write_text(schema_of(Capacity))
