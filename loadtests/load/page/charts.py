"""The charts of a report: a histogram, dots over time, a curve with its knee, the slowest answers."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from loadtests.load.page.frame import BOTTOM, LEFT, RIGHT, TOP, WIDTH, Axis, Frame, bar, text
from loadtests.load.processes.records import Record

BINS = 40
MOST_POINTS = 2000
SLOWEST = 20
ROW = 18
LONE = 1.0
"""How far an axis goes that has nothing on it."""


def histogram(milliseconds: Sequence[float], title: str) -> str:
    """How many values lie where, from 0 up to the largest; from the least, where all are near each other."""
    least, longest = min(milliseconds, default=0.0), max(milliseconds, default=0.0) or LONE
    low = least if longest / 2 < least < longest else 0.0
    step = (longest - low) / BINS
    counts = [0] * BINS
    for value in milliseconds:
        counts[min(BINS - 1, int((value - low) / step))] += 1
    frame = Frame(title, Axis(longest, "ms", low), Axis(max(counts) or LONE))
    return frame.svg(
        bar(
            "bar",
            frame.x(low + at * step),
            (WIDTH - LEFT - RIGHT) / BINS - 1,
            frame.y(count),
            frame.y(0) - frame.y(count),
            f"{low + at * step:.1f} to {low + (at + 1) * step:.1f} ms: {count}",
        )
        for at, count in enumerate(counts)
        if count
    )


def over_time(points: Sequence[tuple[float, float]], title: str) -> str:
    """One dot an answer: seconds since the start, and milliseconds. Of very many, every nth."""
    longest, highest = (max((point[at] for point in points), default=0.0) or LONE for at in (0, 1))
    frame = Frame(title, Axis(longest, "s"), Axis(highest, " ms"))
    shown = points[:: max(1, len(points) // MOST_POINTS)]
    return frame.svg(
        f'<circle class="dot" r="2" cx="{frame.x(x):.1f}" cy="{frame.y(y):.1f}"/>' for x, y in shown
    )


def curve(
    lines: Mapping[str, Sequence[tuple[float, float]]],
    title: str,
    *,
    units: tuple[str, str] = ("", ""),
    knee: float | None = None,
    interval: tuple[float, float] | None = None,
    is_logarithmic: bool = False,
) -> str:
    """What comes at each level of load: a line for each class of colour, the knee, an interval as a band.

    `units` are those of the level and of what comes; with a logarithmic scale all of it is above 0.
    """
    levels = [x for line in lines.values() for x, _ in line]
    values = [y for line in lines.values() for _, y in line]
    low = min(values, default=LONE) / 1.2 if is_logarithmic else 0.0
    frame = Frame(
        title,
        Axis((max(levels, default=0.0) or LONE) * 1.05, units[0]),
        Axis((max(values, default=0.0) or LONE) * 1.1, units[1], low, is_logarithmic),
    )
    return frame.svg([*_places(frame, knee, interval), *_lines(frame, lines)])


def _places(frame: Frame, knee: float | None, interval: tuple[float, float] | None) -> Iterator[str]:
    bottom = frame.height - BOTTOM
    if interval:
        begin, end = map(frame.x, interval)
        yield bar("interval", begin, end - begin, TOP, bottom - TOP, f"{interval[0]:g} to {interval[1]:g}")
    if knee is not None:
        at = frame.x(knee)
        yield f'<line class="knee" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{bottom}"/>'
        yield text(at - 4, TOP + 10, f"knee {knee:g}", "end")


def _lines(frame: Frame, lines: Mapping[str, Sequence[tuple[float, float]]]) -> Iterator[str]:
    for name, line in lines.items():
        path = " ".join(f"{frame.x(x):.1f},{frame.y(y):.1f}" for x, y in line)
        yield f'<polyline class="line {name}" points="{path}"/>'
        for x, y in line:
            at = f'cx="{frame.x(x):.1f}" cy="{frame.y(y):.1f}"'
            yield f'<circle class="{name}" r="4" {at}><title>{x:g}: {y:.4g}</title></circle>'


def waterfall(records: Sequence[Record]) -> str:
    """The slowest answers, each from when it was due to its end, with the shares of what it waited for."""
    slowest = sorted(filter(_end, records), key=lambda record: -_end(record))[:SLOWEST]
    longest = max(map(_end, slowest), default=0.0) or LONE
    frame = Frame("The slowest answers", Axis(longest * 1000, "ms"), None, TOP + ROW * len(slowest) + BOTTOM)
    return frame.svg(_answers(frame, slowest))


def _answers(frame: Frame, slowest: Sequence[Record]) -> Iterator[str]:
    for row, record in enumerate(slowest):
        y = TOP + ROW * row
        yield text(LEFT - 6, y + ROW - 6, f"{_end(record) * 1000:.0f} ms", "end")
        for name, begin, end, said in _parts(record):
            yield bar(name, frame.x(begin), frame.x(end) - frame.x(begin), y, ROW - 4, said)


def _end(record: Record) -> float:
    return record.late + record.timing.total if record.timing else 0.0


def _parts(record: Record) -> Iterator[tuple[str, float, float, str]]:
    """A class of colour, beginning and end in ms, and what is said of it."""
    assert record.timing is not None  # noqa: S101 - filtered by the caller
    shares = record.shares
    spent = {"late": record.late}
    if shares:
        spent |= {"client": shares.client, "app": shares.app, "model": shares.model}
    else:
        spent |= {"ttft": record.timing.ttft}
    ends = [0.0]
    for seconds in spent.values():
        ends.append(ends[-1] + max(0.0, seconds) * 1000)
    ends.append(_end(record) * 1000)
    for name, (begin, end) in zip([*spent, "rest"], pairwise(ends), strict=True):
        yield name, begin, end, f"{record.mode}, {record.request_id}: {name} {end - begin:.1f} ms"
