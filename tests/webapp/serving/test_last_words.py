"""How answers end with their worker: what the grace allows, then a last word."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

from tests.conftest import MS
from webapp.serving.last_words import end_beside


class Answers:
    """Stands for OpenAnswers, with as many open answers as a test says."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.draining = False
        self.interrupted_at: float | None = None
        self.reason = ""

    def __len__(self) -> int:
        return self.number

    def drain(self) -> None:
        self.draining = True

    def interrupt(self, reason: str) -> None:
        self.reason, self.interrupted_at = reason, time.monotonic()


def test_another_worker_drains_when_it_is_told_to_stop() -> None:
    answers = Answers(1)
    worker: Any = SimpleNamespace(
        alive=True,
        cfg=SimpleNamespace(graceful_timeout=200 * MS),
        wsgi=SimpleNamespace(extensions={"chat": SimpleNamespace(answers=answers)}),
    )
    end_beside(worker)
    time.sleep(100 * MS)
    assert not answers.draining
    worker.alive, told_at = False, time.monotonic()
    until = told_at + 2
    while answers.interrupted_at is None and time.monotonic() < until:
        time.sleep(1 * MS)
    assert answers.draining
    assert answers.reason == "shutdown"
    assert answers.interrupted_at
    assert answers.interrupted_at - told_at >= 100 * MS
