"""What one answer of the founding measurement shows."""

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from loadtests.compare import founding
from loadtests.compare.founding import ARMS, sample

WHOLE = (
    b'{"id":"chat_1","model":"m","text":"Hi","finish_reason":"stop","usage":null,"timing":{"total_ms":1.0}}'
)


def test_what_an_answer_costs_is_what_was_spent_since_it_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    spent, own = iter([5.0, 5.25]), iter([2.0, 2.5, 9.0])
    counts = iter([(100, 3), (140, 5)])
    clocks = SimpleNamespace(perf_counter=time.perf_counter, thread_time=own.__next__, sleep=lambda _: None)
    monkeypatch.setattr(founding, "time", clocks)
    monkeypatch.setattr(founding, "cpu_seconds", lambda _pid: next(spent))

    def post(*_: object) -> Iterator[bytes]:
        yield WHOLE

    [arm] = (arm for arm in ARMS if (arm.target, arm.mode) == ("app", "blocking"))
    client: Any = SimpleNamespace(received=counts.__next__, post=post)
    shown = sample(arm, client, "m", "Hi", {"app": 1})
    assert shown.cpu_seconds == {"app": 0.25, "reader": 0.5}
    assert (shown.bytes, shown.segments) == (40, 2)
