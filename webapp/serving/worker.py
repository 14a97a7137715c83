"""gunicorn's workers, taught to serve each client in turn, and to end long answers well and in time.

By themselves they stop accepting at SIGTERM and wait for their connections, the gevent worker for idle ones
too; at the end of the grace they are killed, and every answer that is still open is cut without a word.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from types import FrameType
from typing import Any

import gevent
from gunicorn.workers.base import Worker
from gunicorn.workers.ggevent import GeventWorker

from webapp.configuration import Settings
from webapp.serving import response_writer
from webapp.serving.clients.connection import ClientConnection, ConnectionLimits
from webapp.serving.clients.refusals import refusal
from webapp.serving.clients.server import ClientServer
from webapp.serving.clients.turns import source_of
from webapp.serving.error_log import log_greenlet_error, without_text
from webapp.serving.gunicorn_lookups import look_up_once, remember_trusted_peers
from webapp.serving.last_words import answers_of, end_beside, let_end

ACCEPTING_SECONDS = 1.1
"""How long gunicorn may go on accepting connections: it looks once a second whether it is to stop."""
HEAD_SECONDS = 20.0
"""How long a request's headers may take. A browser opens connections before it knows what to ask."""
LENIENT_BYTES = 64 * 1024
"""What a body may be longer than twice the longest that is accepted, by the framing of its chunks."""
MOST_SILENT, LEAST_SILENT = 3_000, 500
"""How many connections of 13 KB all workers, and how many one, may have beside those of answers, before the
oldest make room."""
TLS_FACTOR = 10
"""By what these are divided where the worker itself ends TLS: amid a handshake one has 84 KB."""
FULL_SHARE = 0.9
"""Of all places for connections, how many may be taken before those make room who send nothing."""


class ChatWorker(GeventWorker):
    """A GeventWorker that knows its connections and interrupts its answers shortly before it must go."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # In the order of their beginning.
        self._connections: dict[ClientConnection, None] = {}
        self._busy: set[ClientConnection] = set()
        self._draining = False

    def run(self) -> None:
        response_writer.install()
        remember_trusted_peers()
        look_up_once(self.cfg)
        settings: Settings = self.wsgi.extensions["chat"].settings
        self._limits = ConnectionLimits(
            idle_seconds=self.cfg.keepalive,
            head_seconds=HEAD_SECONDS,
            body_seconds=settings.body_timeout_seconds,
            body_bytes=2 * settings.max_body_bytes + LENIENT_BYTES,
            send_seconds=settings.send_timeout_seconds,
        )
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        # Each answer has two.
        self._most_connections = int(min(self.worker_connections, files / 2) * FULL_SHARE)
        most_silent = max(MOST_SILENT // self.cfg.workers, LEAST_SILENT)
        self._most_silent = most_silent // TLS_FACTOR if self.cfg.is_ssl else most_silent
        gevent.get_hub().print_exception = log_greenlet_error  # type: ignore[method-assign,assignment]
        self.log.error_log.addFilter(without_text)
        super().run()

    def server_class(  # type: ignore[override]  # None there, or a class
        self, listener: Any, *, spawn: Any, ssl_context: Any = None, **_unused: Any
    ) -> Any:
        """Return what accepts connections; gunicorn asks a worker for it by this name."""
        tls = {"ssl_context": ssl_context, "do_handshake_on_connect": False} if ssl_context else {}
        return ClientServer(listener, handle=partial(self.handle, listener), spawn=spawn, **tls)

    def timeout_ctx(self) -> AbstractContextManager[None]:
        # Each read has a limit of its own.
        return nullcontext()

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        if self._is_full():
            self._end_longest_wait()
        connection = ClientConnection(client, self._limits, source_of(addr))
        self._connections[connection] = None
        try:
            if connection.shake_hands():
                super().handle(listener, connection, addr)
        finally:
            del self._connections[connection]

    def handle_request(self, listener_name: Any, req: Any, sock: ClientConnection, addr: Any) -> Any:
        # Requests that come in one read, one behind the other, are handled without a wait.
        sock.take_turn()
        self._busy.add(sock)
        sock.expect_body()
        try:
            return super().handle_request(listener_name, req, sock, addr)
        except StopIteration:
            self._busy.discard(sock)
            if response_writer.has_rest(req) and not self._draining:
                sock.linger()
            raise
        finally:
            self._busy.discard(sock)
            sock.expect_request()
            if self._draining:
                sock.end_input()

    def handle_error(self, _req: Any, client: ClientConnection, _addr: Any, exc: BaseException) -> None:
        with suppress(OSError):
            client.sendall(refusal(exc))
            client.linger()

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
            answers_of(self).drain()
            gevent.spawn(self._drain)

    def _drain(self) -> None:
        self._end_idle()
        let_end(self, gevent.sleep)
        gevent.sleep(ACCEPTING_SECONDS)
        self._end_idle()

    def _end_idle(self) -> None:
        # An idle connection would be waited for as if it were an answer. So would a body that comes slowly,
        # of a request that is refused in any case.
        for connection in list(self._waiting()):
            connection.end_input()

    def _is_full(self) -> bool:
        taken = len(self._connections)
        return taken >= self._most_connections or taken - len(answers_of(self)) >= self._most_silent

    def _end_longest_wait(self) -> None:
        """Make room: where all places are taken, who sends nothing has been waited for long enough."""
        for connection in self._waiting():
            connection.end_input()
            return

    def _waiting(self) -> Iterator[ClientConnection]:
        # Not all of them at once: of thousands, one is looked for with each that comes.
        for one in self._connections:
            if (one.receiving or one not in self._busy) and not one.input_ended:
                yield one


def end_with_last_words(worker: Worker) -> None:
    """Let the answers of any other worker end as a ChatWorker's do."""
    if not isinstance(worker, ChatWorker):
        end_beside(worker)
