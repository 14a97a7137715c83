"""What became of each answer of a run, over all its processes: what every figure at the end is made of."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec

from loadtests.chat import Timing

if TYPE_CHECKING:
    from locust.event import Events

RIGHT = "right"


class Shares(msgspec.Struct, frozen=True):
    """Whose the seconds to the first text were."""

    model: float
    """From the request at the mock to its token, by its journal."""
    app: float
    """What the app took beside: its own time to the first token without the model's."""
    client: float
    """The rest: the network, and the load generator itself."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that came to an end; times in seconds, those of the clock since 1970."""

    request_id: str
    mode: str
    outcome: str
    """`right`, or the kind of the failure."""
    sent: float
    due: float | None = None
    """When the schedule of an open load wanted it to be sent."""
    timing: Timing | None = None
    """Only of right answers, and of none in the warm-up or of a user who left or read slowly."""
    left: float | None = None
    """When the user went before the end, on purpose."""
    is_warm_up: bool = False
    shares: Shares | None = None
    """Where mock and app say theirs."""

    @property
    def late(self) -> float:
        """How long after its time it was sent."""
        return 0.0 if self.due is None else self.sent - self.due


class Records:
    """Those of one process; Locust's master has those of all."""

    def __init__(self) -> None:
        self.all: list[Record] = []
        self.began = math.inf
        """When this process asked for its first answer."""
        self._unreported: list[Record] = []

    def register(self, events: Events) -> None:
        events.test_start.add_listener(self.begin)
        events.reset_stats.add_listener(self.begin)
        events.report_to_master.add_listener(self.report)
        events.worker_report.add_listener(self.take)

    def add(self, record: Record) -> None:
        self.all.append(record)
        self._unreported.append(record)

    def begin(self, **_: Any) -> None:
        """Forget what was."""
        self.all, self._unreported, self.began = [], [], math.inf

    def report(self, data: dict[str, Any], **_: Any) -> None:
        """Add to a worker's message what has ended since the last."""
        data["records"], self._unreported = msgspec.to_builtins(self._unreported), []

    def take(self, data: dict[str, Any], **_: Any) -> None:
        """Add what a worker reports."""
        self.all += msgspec.convert(data.get("records", []), list[Record])


RECORDS = Records()
