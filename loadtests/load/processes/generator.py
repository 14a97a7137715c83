"""What the load generator itself went through in a run: a starved one measures its own waits."""

from __future__ import annotations

import math
import os
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec

from loadtests.load.report import Observed
from loadtests.measuring import cpu_seconds, processor_time, queued_seconds

if TYPE_CHECKING:
    from locust.event import Events


class Generator:
    """Watches one process from the start of the run; Locust's master has the worst of all."""

    def __init__(self) -> None:
        self._workers: dict[str, Observed] = {}
        self.begin()

    def register(self, events: Events) -> None:
        events.test_start.add_listener(self.begin)
        events.report_to_master.add_listener(self.report)
        events.worker_report.add_listener(self.take)

    def begin(self, **_: Any) -> None:
        self._began = time.perf_counter()
        self._cpu, self._queued = cpu_seconds(os.getpid()), queued_seconds(os.getpid())
        self._processor = processor_time()

    def observed(self) -> Observed:
        seconds = max(1e-9, time.perf_counter() - self._began)
        return Observed(
            busy=(cpu_seconds(os.getpid()) - self._cpu) / seconds,
            queued=(queued_seconds(os.getpid()) - self._queued) / seconds,
            stolen=processor_time().stolen_since(self._processor),
        )

    def worst(self) -> Observed | None:
        """The worst of the workers, or what this process is, where it has none; None where no kernel says."""
        seen = list(self._workers.values()) or [self.observed()]
        if any(math.isnan(each.busy) for each in seen):
            return None
        return Observed(
            busy=max(each.busy for each in seen),
            queued=max(each.queued for each in seen),
            stolen=max(each.stolen for each in seen),
        )

    def report(self, data: dict[str, Any], **_: Any) -> None:
        data["generator"] = asdict(self.observed())

    def take(self, client_id: str, data: dict[str, Any], **_: Any) -> None:
        if "generator" in data:
            self._workers[client_id] = msgspec.convert(data["generator"], Observed)


GENERATOR = Generator()
