"""Counts that expire, in this process's memory.

Not those of `limits`: whenever they are added to, its storage goes over all of them 10 ms later, which takes
26 ms for 100,000 clients, an IPv6 network of one customer, and stops every stream for so long.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_COUNTS = 100_000
"""Of one length of windows. Where there are more, the oldest are forgotten, and their clients begin anew."""


FORGOTTEN_AT_ONCE = 8
"""How many are, with each that is added to: all of a minute together would be a stop of their own."""


class OwnCounts:
    """Windows of one length end in the order in which they began: those that have ended stand in front."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._windows: dict[int, OrderedDict[str, _Count]] = {}
        self._clock = clock
        self._lock = threading.Lock()

    def incr(self, key: str, seconds: int, amount: int) -> int:
        """Add to a count that is forgotten `seconds` after it began; returns what it came to."""
        now = self._clock()
        with self._lock:
            counts = self._windows.setdefault(seconds, OrderedDict())
            _forget(counts, now)
            count = counts.get(key)
            if count is None or count.until <= now:
                counts.pop(key, None)
                count = counts[key] = _Count(now + seconds)
            count.total += amount
            return count.total

    def correct(self, key: str, seconds: int, amount: int) -> None:
        """Add to a count that is still known. It does not go below nothing."""
        with self._lock:
            counts = self._windows.get(seconds)
            if counts is not None and (count := counts.get(key)):
                count.total = max(count.total + amount, 0)


@dataclass(slots=True)
class _Count:
    until: float
    total: int = 0


def _forget(counts: OrderedDict[str, _Count], now: float) -> None:
    for _ in range(FORGOTTEN_AT_ONCE):
        if not counts or (len(counts) <= MOST_COUNTS and counts[next(iter(counts))].until > now):
            return
        counts.popitem(last=False)
