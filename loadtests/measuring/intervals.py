"""How well a median is known: the interval of order statistics, which assumes nothing of the distribution."""

import math
from collections.abc import Sequence

CONFIDENCE = 0.95


def median_interval(values: Sequence[float], confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The narrowest interval between two of the values that holds the median with this confidence.

    It is the whole range where the values are too few: 0.94 with 5 of them, 0.97 with 6. NaN of none.
    """
    if not values:
        return math.nan, math.nan
    ordered = sorted(values)
    outside = 0
    while (outside + 1) * 2 < len(ordered) and _coverage(len(ordered), outside + 1) >= confidence:
        outside += 1
    return ordered[outside], ordered[-1 - outside]


def _coverage(count: int, outside: int) -> float:
    """How likely the median lies between values, with so many left out on each side."""
    combinations = sum(math.comb(count, below) for below in range(outside + 1))
    return 1 - combinations / float(2 ** (count - 1))
