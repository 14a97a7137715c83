"""The one definition of a percentile here, the nearest rank, and of a median."""

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest of the values that at least this share of them does not exceed; NaN of none."""
    return percentile_of_counts(Counter(values), share)


def percentile_of_counts(counts: Mapping[float, int], share: float) -> float:
    """The same, where each value is given with how often it came."""
    # 100 values × 0.07 are 7.000000000000001 of them.
    rank = math.ceil(round(sum(counts.values()) * share, 9))
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= rank:
            return value
    return math.nan


def median(values: Sequence[float]) -> float:
    """NaN of none, and where one of them is NaN: others do not make up for it."""
    return math.nan if not values or any(map(math.isnan, values)) else statistics.median(values)
