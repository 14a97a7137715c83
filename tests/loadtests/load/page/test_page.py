"""The report of a run as a page: what it says first, and that it needs nothing else."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from msgspec import structs
from playwright.sync_api import sync_playwright

from loadtests.chat import Timing
from loadtests.load.page import charts
from loadtests.load.page.frame import Axis
from loadtests.load.page.page import page
from loadtests.load.processes.records import RIGHT, Record, Shares
from loadtests.load.report import NOTHING, Failure, Gate, Report, Row
from tests.programs import HEADLESS_CHROMIUM, required

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
    assert 1 <= len(Axis(max(values, default=0.0) or 1.0).ticks()) <= 6


@pytest.mark.parametrize("is_logarithmic", [True, False])
@pytest.mark.parametrize("points", [[], [(1.0, 2.0)], [(10.0, 300.0), (20.0, 310.0), (40.0, 9000.0)]])
def test_a_curve_has_its_points_its_knee_and_its_interval(
    points: list[tuple[float, float]], is_logarithmic: bool
) -> None:
    lines = {"model": points, "app": points[:1]}
    svg = charts.curve(lines, "x", knee=2.0, interval=(1.0, 3.0), is_logarithmic=is_logarithmic)
    ElementTree.fromstring(svg)
    assert svg.count("<circle") == len(points) + len(points[:1])
    assert "knee 2<" in svg
    assert "1 to 3<" in svg


def test_the_slowest_answers_show_whose_the_time_was() -> None:
    shared = structs.replace(RECORDS[0], shares=Shares(model=0.25, app=0.03, client=0.02))
    drawn = charts.waterfall([shared, RECORDS[1]])
    told = re.findall(r"<title>/chat streaming, a&lt;(\d)&gt;: (\w+) ([\d.]+) ms", drawn)
    assert told == [
        *(("0", name, ms) for name, ms in (("late", "100.0"), ("client", "20.0"), ("app", "30.0"), ("model", "250.0"), ("rest", "200.0"))),
        *(("1", name, ms) for name, ms in (("late", "100.0"), ("ttft", "300.0"), ("rest", "200.0"))),
    ]  # fmt: skip


def test_a_histogram_holds_every_value() -> None:
    counts = re.findall(r"ms: (\d+)</title>", charts.histogram([1.0] * 7 + [2.0] * 3 + [40.0], "x"))
    assert sum(map(int, counts)) == 11


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_read_by_everybody_and_fits_a_phone(scheme: Literal["light", "dark"], tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(
        shown(replace(GOOD, gates=(GATE,), failures=(Failure("/chat streaming", "wrong text", 2),)))
    )
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=required(HEADLESS_CHROMIUM)) as browser,
    ):
        page = browser.new_page(color_scheme=scheme, viewport={"width": 375, "height": 800})
        page.goto(file.as_uri())
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") == 375
