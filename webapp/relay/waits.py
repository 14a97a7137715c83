"""Until when an answer is waited for, for what, and what ends it then. Pure."""

from __future__ import annotations

import math

from webapp.chat import Interrupted, UpstreamError
from webapp.relay.ending import Finish
from webapp.relay.values import Limits

USAGE_PATIENCE_SECONDS = 1.0
"""How long an answer that has its finish_reason waits for the usage that may follow."""


class Waits:
    """On the relay's clock, in seconds. Who relays moves them: a call would cost each token."""

    def __init__(self, limits: Limits, received_at: float, now: float) -> None:
        self._limits = limits
        self.heartbeat_at = now + limits.heartbeat_seconds
        self.silent_until = now + limits.first_token_seconds
        self._over_at = now + limits.total_seconds
        self._deadline_at = received_at + limits.deadline_seconds
        self.ends_at = min(self._over_at, self._deadline_at)

    def be_for_usage(self, now: float) -> None:
        """The answer is whole: wait for what follows it only."""
        self._deadline_at, self.ends_at = math.inf, self._over_at
        self.silent_until = now + USAGE_PATIENCE_SECONDS

    def are_over(self, now: float, finish: Finish, *, has_text: bool) -> bool:
        """Whether the answer is whole and the wait for its usage over; raises what ends it otherwise."""
        if now >= self._over_at:
            raise UpstreamError("upstream_total_timeout", seconds=self._limits.total_seconds)
        if finish.is_whole:
            return now >= self.silent_until
        if now >= self._deadline_at:
            raise Interrupted("deadline")
        if now < self.silent_until:
            return False
        if finish.reason:
            return True
        if not has_text:
            raise UpstreamError("upstream_first_token_timeout", seconds=self._limits.first_token_seconds)
        raise UpstreamError("upstream_timeout", seconds=self._limits.token_seconds)
