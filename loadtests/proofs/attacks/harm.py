"""What an attack has done to healthy answers and to the app, beside what it may do."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from loadtests.measuring import percentile, percentile_of_counts
from loadtests.proofs.finding import Finding, counted, milliseconds
from loadtests.rig import WHOLE, WORD, Stream, complaint

SHORT_TOKENS = 20
BAR_GAP_SECONDS, BAR_RATIO, BAR_BYTES = 0.15, 2.0, 50_000_000
LEAST_TTFT_SECONDS = 0.05
"""What the first token of a healthy answer may take in any case: twice nearly nothing is nearly nothing."""
BAR = (
    "gap p99 of the time ≤ 150 ms, TTFT p99 ≤ 2 × alone, every healthy answer right, memory + ≤ 50 MB, "
    "no file left, each ended in its time, no line of it in the log"
)


@dataclass(frozen=True)
class Cost:
    """What an attack costs the app beside its clients' time."""

    most_bytes: float = 0
    """How much more memory it had at the worst moment."""
    files: int = 0
    """How many more it has open, when all is over."""
    unended: int = 0
    lines: int = 0
    """Of the log, that tell what was said, or of an error of the app's own."""
    busy: float = 0
    waiting: float = 0
    """The share of the time that its workers were on a core, and ready to be on one that others had."""


def found(what: str, alone: Sequence[Stream], beside: Sequence[Stream], cost: Cost) -> Finding:
    """What the healthy answers say of an attack, and its cost."""
    gaps = [later - at for stream in beside for at, later in pairwise(stream.read_ats)]
    gap = _gap_at_any_moment(gaps, 0.99) if gaps else math.inf
    before, crowded = (
        percentile((stream.first_text_seconds for stream in each), 0.99) for each in (alone, beside)
    )
    most = max(BAR_RATIO * before, LEAST_TTFT_SECONDS)
    wrong = [said for stream in beside if (said := complaint(stream, WHOLE, WORD * SHORT_TOKENS))]
    reached = {
        "gap": gap <= BAR_GAP_SECONDS,
        "first token": crowded <= most,
        "answers": not wrong,
        "memory": cost.most_bytes <= BAR_BYTES,
        "files": cost.files <= 0,
        "ended": not cost.unended,
        "log": not cost.lines,
    }
    return Finding(
        what,
        BAR,
        f"gap p99 {milliseconds(gap)}, longest {milliseconds(max(gaps, default=0))}; TTFT p99 "
        f"{milliseconds(crowded)} against {milliseconds(before)}; {len(wrong)} of {len(beside)} wrong; "
        f"+ {cost.most_bytes / 1e6:.0f} MB, {cost.files:+d} files, {cost.unended} not ended, "
        f"{cost.lines} lines; workers {cost.busy:.0%} busy, {cost.waiting:.0%} waiting for a core",
        all(reached.values()),
        {"wrong": counted(wrong), "missed": [bar for bar, holds in reached.items() if not holds]},
    )


def _gap_at_any_moment(gaps: Iterable[float], share: float) -> float:
    """The gap that a stream is in at most, at such a share of all moments.

    Each counts for as long as it lasts: while an app stands still its clients see few gaps, and ask for no
    more answers, so that a share of the gaps would nearly pass it over (coordinated omission).
    """
    lasting: Counter[float] = Counter()
    for gap in gaps:
        lasting[gap] += round(gap * 1e6)
    return percentile_of_counts(lasting, share)
