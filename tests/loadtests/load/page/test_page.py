"""The report of a run as a page: what it says first, and that it needs nothing else."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from loadtests.chat import Timing
from loadtests.load.page import charts
from loadtests.load.page.page import page
from loadtests.load.processes.records import RIGHT, Record
from loadtests.load.report import NOTHING, Failure, Gate, Report, Row

ABOUT: dict[str, str | int | None] = {"host": "http://127.0.0.1:1", "commit": None, "seed": 1}
TIMING = Timing(ttfb=0.01, ttft=0.3, itl=(0.02, 0.04), tpot=0.03, total=0.5)
RECORDS = [
    Record(
        request_id=f"a<{number}>",
        mode="/chat streaming",
        outcome=RIGHT,
        sent=10.0 + number,
        due=9.9 + number,
        timing=TIMING,
    )
    for number in range(30)
]
ROW = Row("/chat streaming", "TTFT", 30, 300.0, None, None, 300.0)
GATE = Gate("streaming TTFT p50 in ms", 200, 300.0, is_met=False)
GOOD = replace(NOTHING, about=ABOUT, asked=30, right=30, rows=(ROW,), seconds=30.0, good=15)
TIMES = {"/chat streaming": {"TTFT": [300.0] * 30, "ITL": [20.0, 40.0] * 30, "total": [500.0] * 30}}


def shown(report: Report) -> str:
    return page(report, RECORDS if report.right else [], TIMES if report.right else {})


def test_it_needs_nothing_else() -> None:
    html = shown(GOOD)
    assert not re.search(r"(?:src|href)=|url\(|@import|<script", html)
    assert "a<1>" not in html


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (GOOD, ["VALID.", "0.50/s", "Times in ms"]),
        (replace(GOOD, gates=(GATE,)), ["VALID.", "Limits: missed", "missed", "Answers"]),
        (
            replace(GOOD, doubts=("the mock was saturated",)),
            ["INVALID.", "the mock was saturated", "Times in ms"],
        ),
        (
            replace(GOOD, wrong=2, failures=(Failure("/chat <b>", "wrong text", 2),)),
            ["Failed.", "2 of 32 answers were wrong", "/chat &lt;b&gt;"],
        ),
        (replace(NOTHING, about=ABOUT), ["Failed.", "no answer was made", "No right answer had times."]),
    ],
    ids=["good", "limit missed", "invalid", "wrong", "nothing"],
)
def test_what_matters_comes_first(report: Report, said: list[str]) -> None:
    html = shown(report)
    places = [html.index(text) for text in said]
    assert places == sorted(places)
    assert html.endswith("</html>")


@pytest.mark.parametrize("values", [[], [0.0], [0.004], [1.0, 2.0], [5.0] * 1000, [1e6, 3.0]])
def test_a_chart_of_anything_is_drawn(values: list[float]) -> None:
    for svg in (
        charts.histogram(values, "<title>"),
        charts.over_time([(value, value) for value in values], "&"),
        charts.waterfall(RECORDS[: len(values)]),
    ):
        ElementTree.fromstring(svg)
    assert len(list(charts._ticks(max(values, default=0.0) or 1.0))) <= 7


def test_a_histogram_holds_every_value() -> None:
    counts = re.findall(r"ms: (\d+)</title>", charts.histogram([1.0] * 7 + [2.0] * 3 + [40.0], "x"))
    assert sum(map(int, counts)) == 11
