"""gunicorn's gevent worker, taught to end long answers well: with a last word, and in time.

By itself it stops accepting at SIGTERM and waits for its connections, idle ones included; at the end of the
grace it is killed, and every answer that is still open is cut without a word.
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from types import FrameType
from typing import Any

import gevent
from gunicorn.workers.ggevent import GeventWorker

from webapp.client_socket import ClientSocket
from webapp.hosts import GRACE_MARGIN_SECONDS
from webapp.lifecycle import OpenAnswers

POLL_SECONDS = 0.05


class ChatWorker(GeventWorker):
    """A GeventWorker that knows its connections and interrupts its answers shortly before it must go."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._connections: set[Any] = set()
        self._busy: set[Any] = set()
        self._draining = False

    def run(self) -> None:
        gevent.spawn(self._answers.sweep_forever)
        super().run()

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        client = ClientSocket.in_place_of(client)
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

    @property
    def _answers(self) -> OpenAnswers:
        answers: OpenAnswers = self.wsgi.extensions["chat"].answers
        return answers

    def _begin_to_drain(self) -> None:
        # A worker that is told to stop before it has loaded the app has nothing to end.
        if self.booted and not self._draining:
            self._draining = self._answers.draining = True
            gevent.spawn(self._drain)

    def _drain(self) -> None:
        # An idle connection would be waited for as if it were an answer.
        for sock in self._connections - self._busy:
            _end_input(sock)
        grace = self.cfg.graceful_timeout
        until = time.monotonic() + max(grace - GRACE_MARGIN_SECONDS, grace / 2)
        while len(self._answers) and time.monotonic() < until:
            gevent.sleep(POLL_SECONDS)
        self._answers.interrupt("shutdown")


def _end_input(sock: Any) -> None:
    """Make the connection look ended to the parser, which then closes it without a word."""
    with suppress(OSError):
        # Not gevent's own method, which would raise in the greenlet that reads instead of letting it read on.
        sock._sock.shutdown(socket.SHUT_RD)  # noqa: SLF001
