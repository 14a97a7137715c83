"""What a search has found: the capacity with its interval, or how far it is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from loadtests.capacity.curve import Point, curve, knee
from loadtests.capacity.search import Outcome, bracket, certain, states_of
from loadtests.capacity.step import Step


class Known(StrEnum):
    """How far a capacity is known, and the exit code that says so is the command's matter."""

    BETWEEN = "between two levels"
    AT_LEAST = "at least"
    NOT_ASKED = "at least, and no more was asked"
    BELOW = "below the lowest level"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    of: str
    """`arrival rate` or `open streams`."""
    unit: str
    known: Known
    value: float | None
    """The highest level that the majority of its runs met, all lower ones being met as well."""
    low: float | None
    """Up to here no VALID run missed a limit."""
    high: float | None
    """From here on no VALID run met them."""
    why: tuple[str, ...]
    """What kept a level from being met: of the lowest such, limits missed or reasons for INVALID."""
    knee: float | None
    points: tuple[Point, ...]
    steps: tuple[Step, ...]


def finding(of: str, unit: str, steps: Sequence[Step]) -> Finding:
    value, end = bracket(states_of(steps))
    low, high = certain(steps)
    points = curve(steps)
    return Finding(
        of=of,
        unit=unit,
        known=_known(value, end, steps),
        value=value,
        low=low,
        high=high,
        why=_why(steps, end),
        knee=knee(points),
        points=tuple(points),
        steps=tuple(steps),
    )


def _known(value: float | None, end: float | None, steps: Sequence[Step]) -> Known:
    is_missed = any(step.level == end and step.outcome is Outcome.MISSED for step in steps)
    if value is None:
        return Known.BELOW if is_missed else Known.UNKNOWN
    if end is None:
        return Known.NOT_ASKED
    return Known.BETWEEN if is_missed else Known.AT_LEAST


def _why(steps: Sequence[Step], end: float | None) -> tuple[str, ...]:
    not_met = [step for step in steps if step.level == end and step.outcome is not Outcome.MET]
    return not_met[-1].reasons if not_met else ()


def sentence(found: Finding) -> str:
    """The answer in one line."""
    unit = found.unit
    match found.known:
        case Known.BETWEEN:
            low = "less" if found.low is None else f"{found.low:g}"
            high = "more" if found.high is None else f"{found.high:g}"
            return f"{found.value:g} {unit}, between {low} and {high}"
        case Known.AT_LEAST:
            return f"at least {found.value:g} {unit}; above, no run was VALID: {'; '.join(found.why)}"
        case Known.NOT_ASKED:
            return f"at least {found.value:g} {unit}; more was not asked"
        case Known.BELOW:
            lowest = min(step.level for step in found.steps)
            return f"below {lowest:g} {unit}, the lowest level asked: {'; '.join(found.why)}"
        case Known.UNKNOWN:
            return f"unknown: no run was VALID: {'; '.join(found.why) or 'none came to its end'}"
