"""The curve of a search as SVG, in the colours that the page gives its classes."""

from collections.abc import Callable

from loadtests.capacity.curve import Point
from loadtests.capacity.finding import Finding
from loadtests.load import charts

Figure = Callable[[Point], float | None]


def goodput(found: Finding) -> str:
    """Good answers a second by level."""
    return _chart(found, "Goodput, answers/s", {"one": lambda point: point.good_rate})


def waiting(found: Finding) -> str:
    """Time to the first token by level: on a logarithmic scale, since a queue grows without end."""
    lines: dict[str, Figure] = {
        "one": lambda point: point.ttft_p50_ms,
        "three": lambda point: point.ttft_p95_ms,
    }
    return _chart(found, "TTFT, ms", lines, is_logarithmic=True)


def _chart(found: Finding, title: str, lines: dict[str, Figure], *, is_logarithmic: bool = False) -> str:
    known = {
        name: [(point.level, value) for point in found.points if (value := figure(point))]
        for name, figure in lines.items()
    }
    if not any(known.values()):
        return ""
    return charts.curve(
        known,
        f"{title}, by {found.of}",
        units=(found.unit, ""),
        knee=found.knee,
        interval=None if found.low is None or found.high is None else (found.low, found.high),
        is_logarithmic=is_logarithmic,
    )
