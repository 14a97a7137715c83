"""Charts as SVG, in the colours that the page gives its classes."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise

from loadtests.load.processes.records import Record

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 200, 52, 24
BINS = 40
MOST_POINTS = 2000
SLOWEST = 20
BAR = 18
NICE = (1, 2, 2.5, 5, 10)


def histogram(milliseconds: Sequence[float], title: str) -> str:
    """How many values lie where, up to the largest."""
    longest = max(milliseconds, default=0.0) or 1.0
    counts = [0] * BINS
    for value in milliseconds:
        counts[min(BINS - 1, int(value / longest * BINS))] += 1
    highest = max(counts) or 1
    step = (WIDTH - LEFT) / BINS
    bars = "".join(
        f'<rect class="bar" x="{LEFT + at * step:.1f}" y="{_y(count, highest):.1f}" width="{step - 1:.1f}" '
        f'height="{HEIGHT - BOTTOM - _y(count, highest):.1f}"><title>{at * longest / BINS:.1f} to '
        f"{(at + 1) * longest / BINS:.1f} ms: {count}</title></rect>"
        for at, count in enumerate(counts)
        if count
    )
    return _framed(bars, title, longest, "ms", highest, "")


def over_time(points: Sequence[tuple[float, float]], title: str) -> str:
    """One dot an answer: seconds since the start, and milliseconds. Of very many, every nth."""
    longest = max((x for x, _ in points), default=0.0) or 1.0
    highest = max((y for _, y in points), default=0.0) or 1.0
    shown = points[:: max(1, len(points) // MOST_POINTS)]
    dots = "".join(
        f'<circle class="dot" r="2" cx="{LEFT + x / longest * (WIDTH - LEFT - 4):.1f}" '
        f'cy="{_y(y, highest):.1f}"/>'
        for x, y in shown
    )
    return _framed(dots, title, longest, "s", highest, " ms")


def waterfall(records: Sequence[Record]) -> str:
    """The slowest answers, each from when it was due: waiting, to the first text, to the end."""
    slowest = sorted(
        (record for record in records if record.timing),
        key=lambda record: -(record.late + record.timing.total if record.timing else 0.0),
    )[:SLOWEST]
    longest = max((record.late + record.timing.total for record in slowest if record.timing), default=1.0)
    height = BAR * len(slowest) + BOTTOM
    rows = "".join(_answer(record, number, longest) for number, record in enumerate(slowest))
    axis = "".join(_tick(at, longest * 1000, "ms", height) for at in _ticks(longest * 1000))
    return _svg(rows + axis, "The slowest answers", height)


def _answer(record: Record, number: int, longest: float) -> str:
    assert record.timing is not None  # noqa: S101 - filtered by the caller
    ends = (0.0, record.late, record.late + record.timing.ttft, record.late + record.timing.total)
    said = escape(f"{record.mode}, {record.request_id}")
    parts = zip(pairwise(ends), ("late", "ttft", "rest"), strict=True)
    return "".join(
        f'<rect class="{name}" x="{LEFT + begin / longest * (WIDTH - LEFT - 4):.1f}" y="{number * BAR + 2}" '
        f'width="{max(0.0, end - begin) / longest * (WIDTH - LEFT - 4):.1f}" height="{BAR - 4}">'
        f"<title>{said}: {name} {(end - begin) * 1000:.1f} ms</title></rect>"
        for (begin, end), name in parts
    )


def _framed(marks: str, title: str, longest: float, unit: str, highest: float, side: str) -> str:
    across = "".join(_tick(at, longest, unit, HEIGHT) for at in _ticks(longest))
    up = "".join(
        f'<text x="{LEFT - 4}" y="{_y(at, highest) + 4:.1f}" text-anchor="end">{at:g}{side}</text>'
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{_y(at, highest):.1f}" y2="{_y(at, highest):.1f}"/>'
        for at in _ticks(highest)
    )
    return _svg(up + marks + across, title, HEIGHT)


def _svg(inner: str, title: str, height: int) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{inner}</svg>"
    )


def _tick(at: float, longest: float, unit: str, height: int) -> str:
    x = LEFT + at / longest * (WIDTH - LEFT - 4)
    return f'<text x="{x:.1f}" y="{height - 6}" text-anchor="middle">{at:g} {unit}</text>'


def _ticks(longest: float) -> Iterator[float]:
    """Some five round numbers from 0 on."""
    rough = longest / 5
    power = 10 ** (len(f"{int(rough)}") - 1) if rough >= 1 else 10 ** -(len(f"{int(1 / rough)}"))
    step = next(nice * power for nice in NICE if nice * power >= rough)
    number = 0
    while number * step <= longest:
        yield round(number * step, 9)
        number += 1


def _y(value: float, highest: float) -> float:
    return HEIGHT - BOTTOM - value / highest * (HEIGHT - BOTTOM - 10)
