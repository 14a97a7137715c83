"""The end of a worker's answers: what the grace allows, then a last word."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from gunicorn.workers.base import Worker

from webapp.configuration import GRACE_MARGIN_SECONDS
from webapp.serving.lifecycle import OpenAnswers

LOOK_AGAIN_SECONDS = 0.05


def end_beside(worker: Worker) -> None:
    """Wait for the worker's end in a thread of its own, and let its answers end then."""
    threading.Thread(target=_wait_for_end, args=(worker,), name="last words", daemon=True).start()


def _wait_for_end(worker: Worker) -> None:
    while worker.alive:
        time.sleep(LOOK_AGAIN_SECONDS)
    let_end(worker, time.sleep)


def let_end(worker: Worker, sleep: Callable[[float], None]) -> None:
    """Take no new answer, give the open ones what the grace allows, and interrupt those that are left."""
    answers, grace = answers_of(worker), worker.cfg.graceful_timeout
    answers.drain()
    until = time.monotonic() + max(grace - GRACE_MARGIN_SECONDS, grace / 2)
    while len(answers) and time.monotonic() < until:
        sleep(LOOK_AGAIN_SECONDS)
    answers.interrupt("shutdown")


def answers_of(worker: Worker) -> OpenAnswers:
    """Return the answers that it is writing. Its app must be loaded."""
    answers: OpenAnswers = worker.wsgi.extensions["chat"].answers
    return answers
