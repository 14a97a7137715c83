"""When each answer of an open load is asked for, in seconds after the start, whatever becomes of the others.

A unit of work is asked for each time the integral of the rate has grown by 1 (constant), or by an amount
drawn from the exponential distribution of mean 1 (Poisson): so a rate that changes is followed exactly.
"""

import math
import random
from collections.abc import Iterator

from loadtests.load.schedule.stages import Stage

CONSTANT, POISSON = "constant", "poisson"


def arrivals(stages: tuple[Stage, ...], kind: str, seed: int) -> Iterator[float]:
    """The times, all decided by the seed."""
    choices = random.Random(f"arrivals/{seed}")
    wanted = 0.0 if kind == CONSTANT else choices.expovariate(1.0)
    begun = passed = 0.0
    for stage in stages:
        area = stage.seconds * (stage.start + stage.end) / 2
        while wanted < passed + area:
            yield begun + _time_of(stage, wanted - passed)
            wanted += 1.0 if kind == CONSTANT else choices.expovariate(1.0)
        begun, passed = begun + stage.seconds, passed + area


def _time_of(stage: Stage, area: float) -> float:
    """When the area under the level has grown to this much, from the stage's own start."""
    slope = (stage.end - stage.start) / stage.seconds
    if slope == 0:
        return area / stage.start
    return (math.sqrt(max(0.0, stage.start**2 + 2 * slope * area)) - stage.start) / slope
