"""The searches for rate and streams on a running target, within their time, each run said as it ends."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rich.console import Console

from loadtests.capacity.finding import Finding, finding
from loadtests.capacity.result import step_line
from loadtests.capacity.search import Plan, search
from loadtests.capacity.step import Step, StoppedError


@dataclass(frozen=True)
class Effort:
    """How closely is looked."""

    minutes: float
    step_seconds: int
    warm_up_seconds: float
    resolution: float
    repeats: int


@dataclass(frozen=True)
class Search:
    of: str
    unit: str
    ask: Callable[[float], Step]
    plan: Plan


class Level(Protocol):
    """Asks one level; raises StoppedError. Below the least of a kind no limit could be judged."""

    @property
    def least(self) -> Mapping[str, float]: ...
    def at_rate(self, level: float) -> Step: ...
    def at_streams(self, level: float) -> Step: ...


def searches(
    asking: Level, spans: dict[str, tuple[float, float]], effort: Effort, only: str | None
) -> list[Search]:
    """What is searched for; `spans` say where to begin and what not to exceed."""
    kinds = {
        "rate": ("arrival rate", "answers/s", asking.at_rate),
        "streams": ("open streams", "streams", asking.at_streams),
    }
    return [
        Search(
            of,
            unit,
            ask,
            Plan(
                start=spans[name][0],
                most=spans[name][1],
                least=min(asking.least[name], spans[name][0]),
                resolution=effort.resolution,
                repeats=effort.repeats,
                is_whole=name == "streams",
            ),
        )
        for name, (of, unit, ask) in kinds.items()
        if only in (None, name)
    ]


def findings(planned: Sequence[Search], console: Console, seconds: float) -> Iterator[Finding]:
    """Each search has its share of the time that is left; who stops one gets what it has found so far."""
    until = time.monotonic() + seconds
    for number, each in enumerate(planned):
        now = time.monotonic()
        steps: list[Step] = []
        try:
            _search(each, steps, console, now + (until - now) / (len(planned) - number))
        except StoppedError:
            yield finding(each.of, each.unit, steps)
            return
        yield finding(each.of, each.unit, steps)


def _search(each: Search, steps: list[Step], console: Console, until: float) -> None:
    longest = 0.0

    def ask(level: float) -> Step:
        nonlocal longest
        began = time.monotonic()
        left = max(0.0, until - began)
        said = f"{each.of}: {level:g} {each.unit}, run {len(steps) + 1}, {left / 60:.1f} minutes left"
        with console.status(said):
            step = each.ask(level)
        steps.append(step)
        console.print(step_line(step, each.unit), soft_wrap=True, highlight=False)
        longest = max(longest, time.monotonic() - began)
        return step

    search(ask, each.plan, lambda: time.monotonic() + longest <= until or not steps)
