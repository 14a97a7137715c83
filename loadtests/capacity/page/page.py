"""Fills the page with what a search has found."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from loadtests.capacity.finding import sentence
from loadtests.capacity.page import charts
from loadtests.capacity.result import CODES, FOUND, Capacity


def page(capacity: Capacity) -> str:
    """The whole file."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template("page.html.jinja").render(
        capacity=capacity,
        sentence=sentence,
        is_found=lambda found: CODES[found.known] == FOUND,
        charts_of=lambda found: [
            Markup(svg)  # noqa: S704 - made of numbers and escaped names
            for svg in (charts.goodput(found), charts.waiting(found))
            if svg
        ],
    )
