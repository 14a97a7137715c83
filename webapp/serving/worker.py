"""gunicorn's workers, taught to end long answers well: with a last word, and in time.

By themselves they stop accepting at SIGTERM and wait for their connections, the gevent worker for idle ones
too; at the end of the grace they are killed, and every answer that is still open is cut without a word.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

import gevent
from gunicorn.workers.base import Worker
from gunicorn.workers.ggevent import GeventWorker

from webapp.configuration import GRACE_MARGIN_SECONDS
from webapp.serving import response_writer
from webapp.serving.lifecycle import OpenAnswers

POLL_SECONDS = 0.05
ACCEPTING_SECONDS = 1.1
"""How long gunicorn may go on accepting connections: it looks once a second whether it is to stop."""


class ChatWorker(GeventWorker):
    """A GeventWorker that knows its connections and interrupts its answers shortly before it must go."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._connections: set[Any] = set()
        self._busy: set[Any] = set()
        self._draining = False

    def run(self) -> None:
        answers = _answers(self)
        response_writer.install(answers.send_timeout_seconds)
        gevent.spawn(answers.sweep_forever)
        super().run()

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        self._connections.add(client)
        try:
            super().handle(listener, client, addr)
        finally:
            self._connections.discard(client)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> Any:
        self._busy.add(sock)
        try:
            return super().handle_request(listener_name, req, sock, addr)
        finally:
            self._busy.discard(sock)
            if self._draining:
                _end_input(sock)

    def notify(self) -> None:
        """Called each second. Recycled for `max_requests`, the worker learns of its end nowhere else."""
        super().notify()
        if not self.alive:
            self._begin_to_drain()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        # Out of the signal handler: it may have interrupted anything.
        gevent.get_hub().loop.run_callback_threadsafe(self._begin_to_drain)

    def _begin_to_drain(self) -> None:
        # A worker that is told to stop before it has loaded the app has nothing to end.
        if self.booted and not self._draining:
            self._draining = True
            # At once: until the greenlet has its turn, requests would still be taken.
            _answers(self).drain()
            gevent.spawn(self._drain)

    def _drain(self) -> None:
        self._end_idle()
        _let_end(self, gevent.sleep)
        gevent.sleep(ACCEPTING_SECONDS)
        self._end_idle()

    def _end_idle(self) -> None:
        # An idle connection would be waited for as if it were an answer.
        for sock in self._connections - self._busy:
            _end_input(sock)


def end_with_last_words(worker: Worker) -> None:
    """Let the answers of any other worker end as a ChatWorker's do, beside it: in a thread of its own."""
    if not isinstance(worker, ChatWorker):
        threading.Thread(target=_wait_for_end, args=(worker,), name="last words", daemon=True).start()


def _wait_for_end(worker: Worker) -> None:
    while worker.alive:
        time.sleep(POLL_SECONDS)
    _let_end(worker, time.sleep)


def _let_end(worker: Worker, sleep: Callable[[float], None]) -> None:
    """Take no new answer, give the open ones what the grace allows, and interrupt those that are left."""
    answers, grace = _answers(worker), worker.cfg.graceful_timeout
    answers.drain()
    until = time.monotonic() + max(grace - GRACE_MARGIN_SECONDS, grace / 2)
    while len(answers) and time.monotonic() < until:
        sleep(POLL_SECONDS)
    answers.interrupt("shutdown")


def _answers(worker: Worker) -> OpenAnswers:
    answers: OpenAnswers = worker.wsgi.extensions["chat"].answers
    return answers


def _end_input(sock: Any) -> None:
    """Make the connection look ended to the parser, which then closes it without a word."""
    with suppress(OSError):
        # Not gevent's own method, which would raise in the greenlet that reads instead of letting it read on.
        sock._sock.shutdown(socket.SHUT_RD)  # noqa: SLF001
