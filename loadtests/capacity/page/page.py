"""Fills the page with what a search has found."""

from collections.abc import Callable, Iterator
from pathlib import Path

from markupsafe import Markup

from loadtests.capacity.curve import Point
from loadtests.capacity.finding import Finding, sentence
from loadtests.capacity.result import CODES, FOUND, Capacity
from loadtests.load import charts, filled

Figure = Callable[[Point], float | None]


def page(capacity: Capacity) -> str:
    """The whole file."""
    return filled(
        Path(__file__).parent,
        capacity=capacity,
        sentence=sentence,
        is_found=lambda found: CODES[found.known] == FOUND,
        curves=lambda found: list(curves(found)),
    )


def curves(found: Finding) -> Iterator[Markup]:
    """Goodput by level; then the time to the first token, on a scale with room for a queue without end."""
    if found.points:
        yield _curve(found, "Goodput", {"one": lambda point: point.good_rate})
    if any(point.ttft_p95_ms for point in found.points):
        waits: dict[str, Figure] = {
            "one": lambda point: point.ttft_p50_ms,
            "three": lambda point: point.ttft_p95_ms,
        }
        yield _curve(found, "TTFT", waits, is_logarithmic=True)


def _curve(found: Finding, title: str, lines: dict[str, Figure], *, is_logarithmic: bool = False) -> Markup:
    return Markup(  # noqa: S704 - made of numbers and escaped names
        charts.curve(
            {
                name: [(point.level, value) for point in found.points if (value := figure(point))]
                for name, figure in lines.items()
            },
            f"{title} by {found.of}",
            units=(found.unit, ""),
            knee=found.knee,
            interval=(found.low, found.high) if found.low is not None and found.high is not None else None,
            is_logarithmic=is_logarithmic,
        )
    )
