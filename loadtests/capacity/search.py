"""Which level to ask next, and between which two the capacity lies, from what became of the levels so far.

Bracket: the level is doubled until a run misses a limit. Bisect: the middle (the geometric mean) of the
highest level that is met and the lowest that is not, until they are within the resolution. Repeat: both ends
of it until each has enough runs; the majority decides, and a change of mind moves the bracket.

Everything follows from the history alone. A run that is INVALID decides nothing; a level whose runs are
INVALID again and again bounds the search and says nothing of the capacity.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

REFUSALS = 2
"""So many INVALID runs, and no other, and a level is given up: one may be the machine's passing mood."""


class Outcome(StrEnum):
    MET = "met"
    MISSED = "missed"
    INVALID = "INVALID"


class State(StrEnum):
    """What the runs at one level say together."""

    MET = "met"
    MISSED = "missed"
    REFUSED = "refused"
    OPEN = "open"


@dataclass(frozen=True)
class Plan:
    start: float
    most: float
    """No level above is asked."""
    least: float
    resolution: float
    """The ratio of the two ends at which a bracket is narrow enough."""
    repeats: int
    """VALID runs at each end of it."""
    is_whole: bool
    """Whether levels are counted."""


class Tried(Protocol):
    @property
    def level(self) -> float: ...
    @property
    def outcome(self) -> Outcome: ...


Step = TypeVar("Step", bound=Tried)


def search(ask: Callable[[float], Step], plan: Plan, goes_on: Callable[[], bool]) -> list[Step]:
    """The runs, in their order, until nothing is left to ask or it does not go on."""
    tried: list[Step] = []
    while goes_on() and (level := next_level(tried, plan)) is not None:
        tried.append(ask(level))
    return tried


def next_level(tried: Sequence[Tried], plan: Plan) -> float | None:
    """None where nothing is left to ask."""
    states = states_of(tried)
    for level, state in states.items():
        if state is State.OPEN:
            return level
    low, high = bracket(states)
    if high is None:
        return _above(low, plan)
    if low is None and high > plan.least:
        return max(plan.least, _rounded(high / 2, plan))
    if low is not None and (middle := _middle(low, high, plan)) is not None:
        return middle
    ends = (level for level in (low, high) if level is not None and states[level] is not State.REFUSED)
    return _again(tried, plan, *ends)


def states_of(tried: Iterable[Tried]) -> Mapping[float, State]:
    outcomes: dict[float, list[Outcome]] = {}
    for each in tried:
        outcomes.setdefault(each.level, []).append(each.outcome)
    return {level: _state(came) for level, came in outcomes.items()}


def _state(outcomes: Sequence[Outcome]) -> State:
    met, missed = outcomes.count(Outcome.MET), outcomes.count(Outcome.MISSED)
    if met != missed:
        return State.MET if met > missed else State.MISSED
    return State.REFUSED if outcomes.count(Outcome.INVALID) >= REFUSALS else State.OPEN


def bracket(states: Mapping[float, State]) -> tuple[float | None, float | None]:
    """The highest level that is met below the lowest that is not, and that one; None where there is none."""
    high = min((at for at, state in states.items() if state is not State.MET), default=None)
    met = (at for at, state in states.items() if state is State.MET and (high is None or at < high))
    return max(met, default=None), high


def certain(tried: Sequence[Tried]) -> tuple[float | None, float | None]:
    """The highest level up to which no run missed, and the lowest from which on none met, of VALID runs."""
    met = {each.level for each in tried if each.outcome is Outcome.MET}
    missed = {each.level for each in tried if each.outcome is Outcome.MISSED}
    low = max((level for level in met if level < min(missed, default=math.inf)), default=None)
    high = min((level for level in missed if level > max(met, default=-math.inf)), default=None)
    return low, high


def _above(low: float | None, plan: Plan) -> float | None:
    if low is None:
        return min(plan.start, plan.most)
    return min(low * 2, plan.most) if low < plan.most else None


def _middle(low: float, high: float, plan: Plan) -> float | None:
    if high <= low * plan.resolution:
        return None
    middle = _rounded(math.sqrt(low * high), plan)
    return middle if low < middle < high else None


def _rounded(level: float, plan: Plan) -> float:
    """To what a person would ask: whole, or three digits."""
    return float(round(level)) if plan.is_whole else float(f"{level:.3g}")


def _again(tried: Sequence[Tried], plan: Plan, *levels: float) -> float | None:
    for level in levels:
        valid = [each for each in tried if each.level == level and each.outcome is not Outcome.INVALID]
        if len(valid) < plan.repeats:
            return level
    return None
