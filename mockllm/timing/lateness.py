"""How late tokens left: counted by each worker in memory that all workers share, so that any can tell.

One slot a worker, which it alone writes. A slot holds counts since the start, and those of each of the last
seconds; seconds are those of the monotonic clock, which all processes of a machine share.
"""

from __future__ import annotations

import math
import mmap
from collections.abc import Sequence
from dataclasses import dataclass

BUCKET_SECONDS = 0.0001
WINDOW_SECONDS = 10

_BUCKETS_A_SECOND = 10_000
_BUCKETS = 1001  # up to 100 ms; the last takes all above
_LAST = _BUCKETS - 1
_RING = WINDOW_SECONDS + 2

# The cells of a slot, eight bytes each: what the seconds that are over add up to, where in the ring the
# running second is, then for each second of the ring its number, its worst and its buckets.
_RUNNING = _BUCKETS
_RING_START = _RUNNING + 1
_SECOND_CELLS = 2 + _BUCKETS
_SLOT_CELLS = _RING_START + _RING * _SECOND_CELLS


@dataclass(frozen=True, slots=True)
class Lateness:
    """Counts by bucket, and the worst, in seconds."""

    buckets: Sequence[int]
    worst: float = 0.0

    @property
    def count(self) -> int:
        return sum(self.buckets)

    def quantile(self, share: float) -> float:
        """Return the upper edge, in seconds, of the bucket that holds this share of all tokens.

        The worst, if it lies beyond the buckets or below that edge; 0 without tokens.
        """
        wanted = math.ceil(self.count * share)
        seen = 0
        for index, count in enumerate(self.buckets):
            seen += count
            if wanted and seen >= wanted:
                edge = (index + 1) * BUCKET_SECONDS
                return self.worst if index == _LAST else min(edge, self.worst)
        return 0.0

    @property
    def total_seconds(self) -> float:
        """Add up all lateness, each token's to half a bucket."""
        return sum((index + 0.5) * count for index, count in enumerate(self.buckets)) * BUCKET_SECONDS

    def at_most(self, seconds: float) -> int:
        """Count the tokens that were no later than this, as far as the buckets tell."""
        return sum(self.buckets[: round(seconds * _BUCKETS_A_SECOND)])


class LatenessSlot:
    """Where one worker counts."""

    def __init__(self, counts: memoryview[int], times: memoryview[float]) -> None:
        self._counts = counts
        self._times = times
        # Whoever had the slot before, a worker that died, left a running second behind.
        running = counts[_RUNNING] or _RING_START
        self._buckets = running + 2
        self._next_second = counts[running] + 1.0 if counts[_RUNNING] else 0.0
        self._worst = times[running + 1]

    def record(self, seconds: float, now: float, tokens: int = 1) -> None:
        """Count the tokens of one write. Written for speed: this runs once a token."""
        if now >= self._next_second:
            self._begin_second(now)
        bucket = int(seconds * _BUCKETS_A_SECOND)
        if bucket >= _LAST:
            bucket = _LAST
        elif bucket < 0:
            bucket = 0
        self._counts[self._buckets + bucket] += tokens
        if seconds > self._worst:
            self._worst = seconds
            self._times[self._buckets - 1] = seconds

    def _begin_second(self, now: float) -> None:
        for bucket, count in enumerate(self._counts[self._buckets : self._buckets + _BUCKETS].tolist()):
            if count and self._counts[_RUNNING]:
                self._counts[bucket] += count
        second = int(now)
        ring = _RING_START + second % _RING * _SECOND_CELLS
        self._counts[ring : ring + _SECOND_CELLS] = _EMPTY_SECOND
        # Last, as these make the second count for those who read.
        self._counts[ring] = second
        self._counts[_RUNNING] = ring
        self._buckets = ring + 2
        self._next_second = second + 1.0
        self._worst = 0.0


_EMPTY_SECOND = memoryview(bytes(8 * _SECOND_CELLS)).cast("Q")


class LatenessBoard:
    """The slots of all workers. Made before they fork, it is one for all of them."""

    def __init__(self, slots: int = 1) -> None:
        memory = memoryview(mmap.mmap(-1, slots * _SLOT_CELLS * 8))
        self._slots = slots
        self._counts = memory.cast("Q")
        self._times = memory.cast("d")

    def slot(self, index: int) -> LatenessSlot:
        start = index % self._slots * _SLOT_CELLS
        end = start + _SLOT_CELLS
        return LatenessSlot(self._counts[start:end], self._times[start:end])

    def since_start(self) -> Lateness:
        starts = [index * _SLOT_CELLS for index in range(self._slots)]
        running = [start + ring + 2 for start in starts if (ring := self._counts[start + _RUNNING])]
        return Lateness(self._added_up(starts + running))

    def recently(self, now: float) -> Lateness:
        """Add up the last ten seconds of all workers, the second that is running among them."""
        seconds = range(int(now) - WINDOW_SECONDS, int(now) + 1)
        rings = [
            start
            for index in range(self._slots)
            for second in seconds
            if self._counts[start := index * _SLOT_CELLS + _RING_START + second % _RING * _SECOND_CELLS]
            == second
        ]
        worst = max((self._times[ring + 1] for ring in rings), default=0.0)
        return Lateness(self._added_up([ring + 2 for ring in rings]), worst)

    def _added_up(self, starts: Sequence[int]) -> list[int]:
        runs = [self._counts[start : start + _BUCKETS].tolist() for start in starts]
        return [sum(counts) for counts in zip(*runs, strict=True)] if runs else [0] * _BUCKETS
