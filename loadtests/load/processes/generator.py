"""What the load generator itself went through in a run: a starved one measures its own waits."""

from __future__ import annotations

import math
import os
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from loadtests.load.report import Observed
from loadtests.measuring import ProcessorTime, cpu_seconds, processor_time, queued_seconds, turns

if TYPE_CHECKING:
    from locust.event import Events


@dataclass(frozen=True)
class _Reading:
    at: float
    cpu: float
    queued: float
    turns: float
    processor: ProcessorTime


def _now() -> _Reading:
    own = os.getpid()
    return _Reading(time.perf_counter(), cpu_seconds(own), queued_seconds(own), turns(own), processor_time())


class Generator:
    """Watches one process from the start of the run; Locust's master has the worst of all."""

    def __init__(self) -> None:
        self._workers: dict[str, Observed] = {}
        self._ended: _Reading | None = None
        self.begin()

    def register(self, events: Events) -> None:
        events.test_start.add_listener(self.begin)
        events.test_stop.add_listener(self.end)
        events.report_to_master.add_listener(self.report)
        events.worker_report.add_listener(self.take)

    def begin(self, **_: Any) -> None:
        self._began, self._ended = _now(), None

    def end(self, **_: Any) -> None:
        """What comes after the run, such as its report, is no part of it."""
        self._ended = _now()

    def observed(self) -> Observed:
        began, ended = self._began, self._ended or _now()
        seconds = max(1e-9, ended.at - began.at)
        queued = ended.queued - began.queued
        return Observed(
            busy=(ended.cpu - began.cpu) / seconds,
            queued=queued / seconds,
            stolen=ended.processor.stolen_since(began.processor),
            wait_ms=1000 * queued / max(1.0, ended.turns - began.turns),
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
            wait_ms=max(each.wait_ms for each in seen),
        )

    def report(self, data: dict[str, Any], **_: Any) -> None:
        data["generator"] = asdict(self.observed())

    def take(self, client_id: str, data: dict[str, Any], **_: Any) -> None:
        if "generator" in data:
            self._workers[client_id] = msgspec.convert(data["generator"], Observed)


GENERATOR = Generator()
