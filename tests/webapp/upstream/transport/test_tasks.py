"""A call beside the stream that waits for it: in a thread here, in a greenlet in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from tests.conftest import MS
from webapp.upstream.transport.tasks import Task


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What a call waits for; open at the end of the test, so that no thread outlives it by long."""
    opened = threading.Event()
    yield opened
    opened.set()


def fails() -> str:
    raise ZeroDivisionError("in the call")


def test_what_the_call_returns_is_the_result() -> None:
    task = Task(lambda: "value", discard=lambda _: None)
    assert task.result(timeout=1) == "value"
    assert task.result(timeout=0) == "value"


def test_what_the_call_raises_is_raised_where_it_is_waited_for() -> None:
    task = Task(fails, discard=lambda _: None)
    with pytest.raises(ZeroDivisionError, match="in the call"):
        task.result(timeout=1)
    assert task.result(timeout=0) is None


def test_a_call_that_is_not_through_has_no_result_yet(gate: threading.Event) -> None:
    task = Task(lambda: gate.wait(5), discard=lambda _: None)
    asked_at = time.monotonic()
    assert task.result(timeout=20 * MS) is None
    assert time.monotonic() - asked_at >= 20 * MS
    gate.set()
    assert task.result(timeout=1) is True


def test_the_result_of_a_cancelled_call_is_cared_for(gate: threading.Event) -> None:
    discarded: list[bool] = []
    cared = threading.Event()

    def discard(result: bool) -> None:
        discarded.append(result)
        cared.set()

    task = Task(lambda: gate.wait(5), discard)
    assert task.cancel() is None
    gate.set()
    assert cared.wait(1)
    assert discarded == [True]
    assert task.result(timeout=0) is None


def test_a_call_that_is_through_is_left_alone_by_cancel() -> None:
    discarded: list[str] = []
    task = Task(lambda: "value", discarded.append)
    assert task.result(timeout=1) == "value"
    assert task.cancel() == "value"
    assert discarded == []
    assert task.result(timeout=0) == "value"


UNDER_GEVENT = """
from gevent import monkey
monkey.patch_all()
import gevent, json, time
from webapp.upstream.transport.tasks import Task

ended = []

def wait(seconds):
    try:
        time.sleep(seconds)
        return "value"
    finally:
        ended.append(seconds)

discarded = []
short, long = Task(lambda: wait(0.01), discarded.append), Task(lambda: wait(60), discarded.append)
results = [long.result(0), short.result(5)]
long.cancel()
short.cancel()
gevent.sleep(0.01)
print(json.dumps({"results": results, "ended": ended, "discarded": discarded}))
"""

FROM_THE_LOOP = """
from gevent import monkey
monkey.patch_all()
import gevent, json, time
from webapp.upstream.transport.tasks import Task

ended = []

def wait():
    try:
        time.sleep(60)
    finally:
        ended.append("ended")

def cancel():
    tasks.append(Task(wait, lambda _: None))
    told.extend([task.cancel() for task in tasks] + ended)

told = []
tasks = [Task(wait, lambda _: None)]
gevent.sleep(0.01)
# Through in the same turn of the loop, when whoever waits for it has not been told yet.
tasks.append(Task(lambda: "value", lambda _: None))
waiting = gevent.spawn(tasks[-1].result, 5)
gevent.get_hub().loop.run_callback(cancel)
gevent.sleep(0.01)
print(json.dumps(told))
"""


def test_under_gevent_a_call_is_stopped_where_it_waits() -> None:
    done = subprocess.run([sys.executable, "-c", UNDER_GEVENT], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"results": [None, "value"], "ended": [0.01, 60], "discarded": []}


def test_from_gevents_loop_it_is_stopped_at_once_even_before_it_has_begun() -> None:
    done = subprocess.run([sys.executable, "-c", FROM_THE_LOOP], capture_output=True, text=True, check=True)
    assert (json.loads(done.stdout), done.stderr) == ([None, "value", None, "ended"], "")
