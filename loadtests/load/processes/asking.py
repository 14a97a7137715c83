"""How many answers were asked for in a run, over all its processes: what did not come is the difference."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from locust.event import Events


class Asking:
    """The count of one process; Locust's master has that of all."""

    def __init__(self) -> None:
        self.total = 0
        self._unreported = 0
        self._under_way = 0

    def register(self, events: Events) -> None:
        events.test_start.add_listener(self.begin)
        events.reset_stats.add_listener(self.begin)
        events.report_to_master.add_listener(self.report)
        events.worker_report.add_listener(self.take)

    @contextlib.contextmanager
    def answer(self) -> Iterator[None]:
        """One answer, from the asking to its end or to that of its user."""
        self.total += 1
        self._unreported += 1
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    def begin(self, **_: Any) -> None:
        """Count from here, and what is under way."""
        self.total = self._unreported = self._under_way

    def report(self, data: dict[str, Any], **_: Any) -> None:
        """Add to a worker's message what was asked for since the last."""
        data["asked"], self._unreported = self._unreported, 0

    def take(self, data: dict[str, Any], **_: Any) -> None:
        """Add up what workers report."""
        self.total += data.get("asked", 0)


ASKED = Asking()
