"""The curve through the runs of a search, and its knee."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loadtests.capacity.search import Outcome
from loadtests.capacity.step import Step


@dataclass(frozen=True)
class Point:
    """One level: the median of its VALID runs."""

    level: float
    good_rate: float
    ttft_p50_ms: float | None
    ttft_p95_ms: float | None
    itl_p95_ms: float | None


def curve(steps: Sequence[Step]) -> list[Point]:
    valid = [step for step in steps if step.outcome is not Outcome.INVALID]
    return [
        _point(level, [step for step in valid if step.level == level])
        for level in sorted({step.level for step in valid})
    ]


def knee(points: Sequence[Point]) -> float | None:
    """The level with the greatest power, goodput by TTFT p95 (Kleinrock, 1979).

    More load costs more waiting than it brings answers. None where it is the last level: no bend is seen.
    """
    power = {point.level: point.good_rate / point.ttft_p95_ms for point in points if point.ttft_p95_ms}
    if not power:
        return None
    found = max(power, key=lambda level: power[level])
    return found if found < max(power) else None


def _point(level: float, steps: Sequence[Step]) -> Point:
    return Point(
        level=level,
        good_rate=statistics.median(step.good_rate for step in steps),
        ttft_p50_ms=_median(steps, lambda step: step.ttft_p50_ms),
        ttft_p95_ms=_median(steps, lambda step: step.ttft_p95_ms),
        itl_p95_ms=_median(steps, lambda step: step.itl_p95_ms),
    )


def _median(steps: Sequence[Step], figure: Callable[[Step], float | None]) -> float | None:
    found = [value for value in map(figure, steps) if value is not None]
    return statistics.median(found) if found else None
