"""A load over time in one line: `30:1-20,60:20` rises from 1 to 20 in 30 s and stays there for 60 s.

What is counted, users or answers a second, is the caller's matter. A single number is a level without an end.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

NUMBER = r"[0-9]+(?:\.[0-9]+)?"
STAGE = re.compile(rf"({NUMBER}):({NUMBER})(?:-({NUMBER}))?")


@dataclass(frozen=True)
class Stage:
    """A stretch in which the level goes evenly from `start` to `end`."""

    seconds: float
    start: float
    end: float


def stages_of(text: str) -> tuple[Stage, ...]:
    """The stages of a line; raises ValueError that names the part that is none."""
    if re.fullmatch(NUMBER, text) and float(text):
        return (Stage(math.inf, float(text), float(text)),)
    stages = tuple(_stage(part) for part in text.split(","))
    if not any(stage.start + stage.end for stage in stages):
        raise ValueError(f"expected a level above 0 somewhere, got {text!r}")
    return stages


def _stage(part: str) -> Stage:
    found = STAGE.fullmatch(part.strip())
    if not found or not float(found[1]):
        raise ValueError(f"expected SECONDS:LEVEL or SECONDS:FROM-TO, such as 30:1-20,60:20; got {part!r}")
    return Stage(float(found[1]), float(found[2]), float(found[3] or found[2]))


def duration(stages: Iterable[Stage]) -> float:
    """All of it in seconds; infinite for a level without an end."""
    return sum(stage.seconds for stage in stages)


def level(stages: tuple[Stage, ...], at: float) -> float | None:
    """The level this many seconds after the start; None after the end."""
    for stage, ended in zip(stages, accumulate(stage.seconds for stage in stages), strict=True):
        if at < ended:
            if math.isinf(stage.seconds):
                return stage.start
            return stage.end - (stage.end - stage.start) * (ended - at) / stage.seconds
    return None
