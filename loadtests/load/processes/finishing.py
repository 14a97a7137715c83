"""Lets the answers that are under way at the end of a run finish where Locust runs in several processes.

Locust's master quits half a second after it has told its workers to; what they had not reported by then is
lost, slow answers first.
"""

import time
from typing import Any

import gevent
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

FINISH, FINISHED = "finish", "finished"
POLL_SECONDS = 0.05


def prepare(environment: Environment) -> None:
    """Have the master wait, when a run stops, for each worker's users."""
    runner = environment.runner
    if isinstance(runner, WorkerRunner):
        runner.register_message(FINISH, _finish, concurrent=True)
    elif isinstance(runner, MasterRunner):
        finished: set[str] = set()
        runner.register_message(FINISHED, lambda msg, **_: finished.add(msg.node_id))
        environment.events.test_stopping.add_listener(lambda **_: _await_workers(runner, finished))


def _finish(environment: Environment, **_: Any) -> None:
    runner = environment.runner
    assert runner is not None  # noqa: S101 - it has just received a message
    runner.stop()
    runner.send_message(FINISHED)


def _await_workers(runner: MasterRunner, finished: set[str]) -> None:
    finished.clear()
    runner.send_message(FINISH)
    deadline = time.monotonic() + runner.environment.stop_timeout
    while len(finished) < runner.worker_count and time.monotonic() < deadline:
        gevent.sleep(POLL_SECONDS)
