"""The frame of a chart as SVG: two axes with round numbers, in the colours that a page gives its classes."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import count, takewhile

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 640, 76, 12, 12, 30
NICE = (1, 2, 2.5, 5, 10)
TICKS = 5
UNIT_FROM = 0.88
"""The share of an axis from which on its unit stands there instead of a number."""


@dataclass(frozen=True)
class Axis:
    """From `low` to `high`; a logarithmic one begins above 0."""

    high: float
    unit: str = ""
    low: float = 0.0
    is_logarithmic: bool = False

    def share(self, value: float) -> float:
        """Where a value stands, from 0 to 1."""
        scale = math.log if self.is_logarithmic else float
        low = scale(self.low)
        return (scale(value) - low) / ((scale(self.high) - low) or 1.0)

    def ticks(self) -> list[float]:
        """Some round numbers."""
        if self.is_logarithmic:
            powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            marks = [nice * 10.0**power for power in powers for nice in (1, 2, 5)]
            return [mark for mark in marks if self.low <= mark <= self.high]
        step = _step(self.high - self.low)
        first = math.ceil(self.low / step)
        return list(takewhile(lambda at: at <= self.high, (round(n * step, 9) for n in count(first))))


def _step(longest: float) -> float:
    rough = longest / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(nice * power for nice in NICE if nice * power >= rough)


@dataclass(frozen=True)
class Frame:
    """Marks are placed by `x` and `y`, and drawn by `svg`; without `up` they place themselves."""

    title: str
    across: Axis
    up: Axis | None
    height: int = 220

    def x(self, value: float) -> float:
        return LEFT + self.across.share(value) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        assert self.up is not None  # noqa: S101 - of a chart with such an axis
        return self.height - BOTTOM - self.up.share(value) * (self.height - BOTTOM - TOP)

    def svg(self, marks: Iterable[str]) -> str:
        said = escape(self.title)
        inner = "".join([*self._rows(), *marks, *self._columns()])
        return (
            f'<svg viewBox="0 0 {WIDTH} {self.height}" role="img" aria-label="{said}">'
            f"<title>{said}</title>{inner}</svg>"
        )

    def _rows(self) -> Iterator[str]:
        for at in self.up.ticks() if self.up else ():
            y = self.y(at)
            yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
            yield text(LEFT - 4, y + 4, f"{at:g}{self.up.unit if self.up else ''}", "end")

    def _columns(self) -> Iterator[str]:
        for at in self.across.ticks():
            if self.across.share(at) < UNIT_FROM:
                yield text(self.x(at), self.height - 8, f"{at:g}", "middle")
        yield text(WIDTH - 1, self.height - 8, self.across.unit, "end")


def text(x: float, y: float, said: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'


def bar(name: str, x: float, width: float, y: float, height: float, said: str) -> str:
    """A rectangle that tells what it stands for."""
    return (
        f'<rect class="{name}" x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="{height:.1f}">'
        f"<title>{escape(said)}</title></rect>"
    )
