"""Compares two runs by their answers: each metric's median and p95, the difference, and how well it is known.

The interval is of the bootstrap over answers, not over gaps: gaps of one answer are not independent.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loadtests.load.processes.records import RIGHT, Record
from loadtests.load.report import Report
from loadtests.load.summary import needed, times
from loadtests.measuring import percentile

SHARES = (0.50, 0.95)
ROUNDS = 200
TAILS = (0.025, 0.975)
ASKED = ("model", "load", "seed", "machine", "versions")
"""What is told of a run that decides what can be compared."""


@dataclass(frozen=True)
class Difference:
    """Of one figure, in ms; without an interval where there are too few answers on one side."""

    mode: str
    metric: str
    share: float
    before: float
    after: float
    interval: tuple[float, float] | None

    @property
    def is_certain(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]


def differences(before: Sequence[Record], after: Sequence[Record], seed: int = 1) -> Iterator[Difference]:
    """Every figure that both runs have."""
    first, second = _by_metric(before), _by_metric(after)
    choices = random.Random(f"diff/{seed}")
    for mode, metric in sorted(first.keys() & second.keys()):
        one, two = first[mode, metric], second[mode, metric]
        for share in SHARES:
            values = (_percentile(one, share), _percentile(two, share))
            enough = min(len(one), len(two)) >= needed(share)
            interval = _interval(one, two, share, choices) if enough else None
            yield Difference(mode, metric, share, *values, interval)


def unlike(before: Report | None, after: Report | None) -> Iterator[tuple[str, object, object]]:
    """In what two runs were not asked alike: then a difference is not the target's alone."""
    if before and after:
        for name in ASKED:
            one, other = before.about.get(name), after.about.get(name)
            if one != other:
                yield name, one, other


def wrong_share(records: Sequence[Record]) -> float:
    """Of the answers that ended."""
    return sum(record.outcome != RIGHT for record in records) / len(records) if records else 0.0


def _by_metric(records: Sequence[Record]) -> dict[tuple[str, str], list[tuple[float, ...]]]:
    found: dict[tuple[str, str], list[tuple[float, ...]]] = {}
    for record in records:
        for metric, seconds in times(record).items():
            if seconds:
                found.setdefault((record.mode, metric), []).append(seconds)
    return found


def _percentile(answers: Sequence[tuple[float, ...]], share: float) -> float:
    # To 0.01 ms, or the many draws would mostly sort.
    return percentile((round(second * 1000, 2) for seconds in answers for second in seconds), share)


def _interval(
    one: Sequence[tuple[float, ...]],
    two: Sequence[tuple[float, ...]],
    share: float,
    choices: random.Random,
) -> tuple[float, float]:
    drawn = [
        _percentile(choices.choices(two, k=len(two)), share)
        - _percentile(choices.choices(one, k=len(one)), share)
        for _ in range(ROUNDS)
    ]
    return percentile(drawn, TAILS[0]), percentile(drawn, TAILS[1])
