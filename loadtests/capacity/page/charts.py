"""The curve of a search as SVG, in the colours that the page gives its classes."""

import math
from collections.abc import Callable, Iterator, Sequence
from html import escape

from loadtests.capacity.curve import Point
from loadtests.capacity.finding import Finding

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 240, 56, 26, 12
NICE = (1, 2, 5, 10)


def goodput(found: Finding) -> str:
    """Good answers a second by level."""
    return _chart(found, "Goodput, answers/s", {"one": lambda point: point.good_rate})


def waiting(found: Finding) -> str:
    """Time to the first token by level: on a logarithmic scale, since a queue grows without end."""
    lines = {"one": lambda point: point.ttft_p50_ms, "three": lambda point: point.ttft_p95_ms}
    return _chart(found, "TTFT, ms", lines, is_logarithmic=True)


Figure = Callable[[Point], float | None]


def _chart(found: Finding, title: str, lines: dict[str, Figure], *, is_logarithmic: bool = False) -> str:
    values = [value for figure in lines.values() for point in found.points if (value := figure(point))]
    if not values:
        return ""
    scale = math.log if is_logarithmic else float
    low = scale(min(values) / 1.2) if is_logarithmic else 0.0
    span = (scale(max(values) * 1.1) - low) or 1.0
    longest = max(point.level for point in found.points) * 1.05

    def x(level: float) -> float:
        return LEFT + level / longest * (WIDTH - LEFT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (scale(value) - low) / span * (HEIGHT - BOTTOM - TOP)

    marks = [_band(found, x), *_axes(longest, found.unit, x)]
    marks += [
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{y(at):.1f}" y2="{y(at):.1f}"/>'
        f'<text x="{LEFT - 4}" y="{y(at) + 4:.1f}" text-anchor="end">{at:g}</text>'
        for at in (_decades(min(values), max(values)) if is_logarithmic else _ticks(max(values)))
    ]
    marks += [_line(found.points, figure, name, x, y) for name, figure in lines.items()]
    said = escape(f"{title}, by {found.of}")
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{said}"><title>{said}</title>'
        f"{''.join(marks)}</svg>"
    )


def _line(
    points: Sequence[Point],
    figure: Figure,
    name: str,
    x: Callable[[float], float],
    y: Callable[[float], float],
) -> str:
    known = [(point.level, value) for point in points if (value := figure(point))]
    path = " ".join(f"{x(level):.1f},{y(value):.1f}" for level, value in known)
    dots = "".join(
        f'<circle class="fill-{name}" r="4" cx="{x(level):.1f}" cy="{y(value):.1f}">'
        f"<title>{level:g}: {value:.1f}</title></circle>"
        for level, value in known
    )
    return f'<polyline class="line-{name}" points="{path}"/>{dots}'


def _band(found: Finding, x: Callable[[float], float]) -> str:
    """The interval of the capacity, and the knee."""
    top, bottom = TOP, HEIGHT - BOTTOM
    knee = band = ""
    if found.knee is not None:
        at = x(found.knee)
        knee = f'<line class="knee" x1="{at:.1f}" x2="{at:.1f}" y1="{top}" y2="{bottom}"/>'
        knee += f'<text x="{at - 4:.1f}" y="{top + 8}" text-anchor="end">knee {found.knee:g}</text>'
    if found.low is not None and found.high is not None:
        begin, end = x(found.low), x(found.high)
        band = f'<rect class="interval" x="{begin:.1f}" width="{end - begin:.1f}" y="{top}" '
        band += f'height="{bottom - top}"><title>capacity: {found.low:g} to {found.high:g}</title></rect>'
    return band + knee


def _axes(longest: float, unit: str, x: Callable[[float], float]) -> Iterator[str]:
    for at in _ticks(longest):
        yield f'<text x="{x(at):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{at:g}</text>'
    yield f'<text x="{WIDTH}" y="{HEIGHT - 8}" text-anchor="end">{escape(unit)}</text>'


def _ticks(longest: float) -> list[float]:
    """Some five round numbers, without those at the end, where the unit stands."""
    rough = longest / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(nice * power for nice in NICE if nice * power >= rough)
    return [round(number * step, 9) for number in range(int(longest * 0.85 / step) + 1)]


def _decades(least: float, most: float) -> list[float]:
    powers = range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 1)
    return [
        nice * 10.0**power for power in powers for nice in (1, 2, 5) if least <= nice * 10.0**power <= most
    ]
