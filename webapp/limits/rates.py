"""So much of something in a window of time, by client or for all."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.chat import LimitedError

if TYPE_CHECKING:
    from webapp.limits.counters import Count, Counters

MINUTE_SECONDS = 60
DAY_SECONDS = 86_400
ALONE_SHARE = 4
"""While counts that should be shared are not, each process allows a quarter."""


@dataclass(frozen=True)
class Rate:
    """At most `limit` in `seconds`; who goes beyond is told `code`."""

    code: str
    limit: int
    seconds: int
    least: int = 1
    """What the smaller limit of a process that counts alone does not go below."""
    is_for_all: bool = False
    """Whether all clients share it."""


class RateLimit:
    """Fixed windows: around the end of one, twice the limit can pass in a short time."""

    def __init__(self, rate: Rate, counters: Counters, now: Callable[[], float] = time.time) -> None:
        self.rate = rate
        self._counters = counters
        self._now = now

    def take(self, client: str, cost: int = 1) -> Count:
        """Take `cost` from what a client has left. Raises LimitedError, and then takes nothing."""
        rate = self.rate
        who = "" if rate.is_for_all else client
        # Windows of different clients begin at different moments, or all that were refused would come back
        # at once. The day of all begins at midnight UTC.
        began, elapsed = divmod(self._now() + zlib.crc32(who.encode()) % MINUTE_SECONDS, rate.seconds)
        # With its window in its name, a count that is corrected late changes no other window.
        count = self._counters.add(f"{rate.code}/{who}/{began:.0f}", cost, rate.seconds)
        limit = self._limit_alone if count.alone else rate.limit
        if count.total > limit:
            count.correct(-cost)
            raise LimitedError(rate.code, limit=limit, retry_after_seconds=rate.seconds - elapsed)
        return count

    @property
    def _limit_alone(self) -> int:
        return min(self.rate.limit, max(self.rate.limit // ALONE_SHARE, self.rate.least))
