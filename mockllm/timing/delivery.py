"""What became of one reply, for those who count and record: the actual times beside the planned."""

import time
from array import array
from dataclasses import dataclass, field
from typing import Literal

from mockllm.timing.lateness import LatenessSlot

Outcome = Literal["sending", "complete", "cut", "client_gone"]


def _times() -> "array[float]":
    # Eight bytes a time: an endless stream has many.
    return array("d")


@dataclass(slots=True)
class Delivery:
    """The times are of the monotonic clock; tokens that share a write share one pair of times.

    `late_seconds` is how much later than it should a token was offered to the kernel, a slow reader's share
    not counted.
    """

    started: float
    outcome: Outcome = "sending"
    head_sent: bool = False
    due_times: "array[float]" = field(default_factory=_times)
    token_times: "array[float]" = field(default_factory=_times)
    late_seconds: "array[float]" = field(default_factory=_times)


class Record:
    """Notes each write of one reply, and says how much of its delay is the mock's own."""

    def __init__(self, delivery: Delivery, lateness: LatenessSlot) -> None:
        self.delivery = delivery
        self.started = delivery.started
        self._count = lateness.record
        self._add_due = delivery.due_times.append
        self._add_time = delivery.token_times.append
        self._add_late = delivery.late_seconds.append
        # Before this no token could leave: the reader had not made room, or those due with it were leaving.
        self._free_at = 0.0
        self._late = 0.0
        self._last_due = -1.0

    def sent(self, due: float, tokens: int) -> None:
        """Note a write that the kernel took at once. Written for speed: this runs once a token."""
        now = time.monotonic()
        if not tokens:
            return
        if due == self._last_due:
            self._free_at = now
        self._last_due = due
        late = now - due
        if self._free_at > due:
            late = now - self._free_at
        if tokens > 1:
            self._note(due, now, late, tokens)
            return
        self._count(late, now)
        self._add_due(due)
        self._add_time(now)
        self._add_late(late)

    def offered(self, due: float, now: float) -> None:
        """Note when a write was tried that may have to wait for the reader."""
        if due == self._last_due:
            self._free_at = now
        self._last_due = due
        self._late = now - max(due, self._free_at)

    def sent_at_last(self, due: float, tokens: int) -> None:
        """Note that the kernel has taken what was offered."""
        self._free_at = now = time.monotonic()
        if tokens:
            self._note(due, now, self._late, tokens)

    def _note(self, due: float, now: float, late: float, tokens: int) -> None:
        self._count(late, now, tokens)
        delivery = self.delivery
        delivery.due_times.extend([due] * tokens)
        delivery.token_times.extend([now] * tokens)
        delivery.late_seconds.extend([late] * tokens)
