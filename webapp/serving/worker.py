"""gunicorn's workers, taught to serve each client in turn, and to end long answers well and in time.

By themselves they stop accepting at SIGTERM and wait for their connections, the gevent worker for idle ones
too; at the end of the grace they are killed, and every answer that is still open is cut without a word.
"""

from __future__ import annotations

import logging
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import lru_cache, partial
from types import FrameType
from typing import Any

import gevent
import gevent.socket
from gevent import monkey
from gevent.server import StreamServer
from gunicorn.http import message
from gunicorn.workers.base import Worker
from gunicorn.workers.ggevent import GeventWorker

from webapp.configuration import GRACE_MARGIN_SECONDS, Settings
from webapp.serving import response_writer
from webapp.serving.client_connection import ClientConnection, ConnectionLimits, turns
from webapp.serving.lifecycle import OpenAnswers
from webapp.serving.refusals import refusal, refuse_at_once
from webapp.serving.turns import Door, source_of

log = logging.getLogger(__name__)

_plain_socket: Any = monkey.get_original("socket", "socket")

POLL_SECONDS = 0.05
ACCEPTING_SECONDS = 1.1
"""How long gunicorn may go on accepting connections: it looks once a second whether it is to stop."""
HEAD_SECONDS = 20.0
"""How long a request's headers may take. A browser opens connections before it knows what to ask."""
LENIENT_BYTES = 64 * 1024
"""What a body may be longer than twice the longest that is accepted, by the framing of its chunks."""
LEAST_ACCEPTED, MOST_ACCEPTED = 4, 64
"""How many connections are accepted before others have their turn, where few come and where many do: of
several workers the first to wake would else take all that wait, and what nobody accepts waits in the
kernel's line, where all sources stand behind the one that floods. One takes 10 µs, or 40 to be refused."""
MOST_SILENT, LEAST_SILENT = 3_000, 500
"""How many connections of 13 KB all workers, and how many one, may have beside those of answers, before the
oldest make room."""
TLS_FACTOR = 10
"""By what these are divided where the worker itself ends TLS: amid a handshake one has 84 KB."""
FULL_SHARE = 0.9
"""Of all places for connections, how many may be taken before those make room who send nothing."""
KNOWN_PEERS = 1000
"""How many addresses are remembered. Behind a router they are few; others are forgotten."""


class ClientServer(StreamServer):
    """gevent's, with a door: who comes is accepted at once, and let in when it is the turn of its source.

    The handshake of TLS is left to who knows the limits, and a broken one is no error.
    """

    max_accept = LEAST_ACCEPTED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._door = Door(turns, self._let_in)
        self._came_all = True
        super().__init__(*args, **kwargs)

    def set_spawn(self, spawn: Any) -> None:
        """Called once; says who of those that are accepted finds no place."""
        super().set_spawn(spawn)
        self.full = self._is_full  # type: ignore[method-assign]  # as it is done above
        self._spawn = self._begun

    def _begun(self, *call: Any) -> None:
        """Begin a greenlet right here: what it takes until it first waits belongs to its turn."""
        greenlet = gevent.Greenlet(*call)
        if self.pool is not None:
            self.pool.add(greenlet)
        if gevent.getcurrent() is gevent.get_hub():
            greenlet.switch()
        else:
            # Only the loop gets back what it has given away.
            greenlet.start()

    def _is_full(self) -> bool:
        # Who waits at the door will take a place.
        return self.pool is not None and bool(self.pool.free_count() <= len(self._door))

    def _do_read(self) -> None:
        self._came_all = False
        super()._do_read()  # type: ignore[misc]  # the stubs leave it out
        # As TCP begins slowly: where more have come than were accepted, twice as many are the next time.
        self.max_accept = LEAST_ACCEPTED if self._came_all else min(2 * self.max_accept, MOST_ACCEPTED)

    def do_read(self) -> Any:
        """Called for each connection; returns its file and where it is from, None when there is no more."""
        listener: Any = self.socket
        try:
            return listener._accept()  # noqa: SLF001  # gevent's own does this, and then makes a socket
        except BlockingIOError:
            self._came_all = True
            return None

    def do_handle(self, *accepted: Any) -> None:
        """Called with what do_read returned."""
        file, address = accepted
        is_calm = self.max_accept == LEAST_ACCEPTED
        if not self._door.come(source_of(address), accepted, at_once=is_calm):
            with _plain_socket(fileno=file) as sock, suppress(OSError):
                if not self.ssl_args:
                    refuse_at_once(sock)

    def close(self) -> None:
        """Accept no more. Who has been accepted is answered, if only that the process ends."""
        if not self.closed:
            self._door.let_all_in()
        super().close()

    def _let_in(self, accepted: tuple[int, Any]) -> None:
        file, address = accepted
        listener = self.socket
        sock = gevent.socket.socket(listener.family, listener.type, listener.proto, fileno=file)
        super().do_handle(sock, address)

    def wrap_socket_and_handle(self, client_socket: Any, address: Any) -> None:
        """Called where there is TLS, in the connection's own greenlet."""
        wrap: Any = self.wrap_socket  # type: ignore[misc]  # it belongs to the TLS context
        try:
            secured = wrap(client_socket, **(self.ssl_args or {}))
        except OSError as error:
            log.debug("client left", extra={"error_type": type(error).__name__})
            client_socket.close()
            return
        try:
            self.handle(secured, address)
        finally:
            secured.close()


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
        gevent.get_hub().print_exception = _log_greenlet_error  # type: ignore[method-assign,assignment]
        self.log.error_log.addFilter(_without_text)
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
            _answers(self).drain()
            gevent.spawn(self._drain)

    def _drain(self) -> None:
        self._end_idle()
        _let_end(self, gevent.sleep)
        gevent.sleep(ACCEPTING_SECONDS)
        self._end_idle()

    def _end_idle(self) -> None:
        # An idle connection would be waited for as if it were an answer. So would a body that comes slowly,
        # of a request that is refused in any case.
        for connection in list(self._waiting()):
            connection.end_input()

    def _is_full(self) -> bool:
        taken = len(self._connections)
        return taken >= self._most_connections or taken - len(_answers(self)) >= self._most_silent

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


def _without_text(record: logging.LogRecord) -> bool:
    """Leave of gunicorn's lines what it says itself: what it adds may be a request's, or an error's text."""
    kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    record.msg, record.args = f"{record.msg} {kind}".rstrip(), ()
    record.exc_info = record.exc_text = None
    return True


def _log_greenlet_error(_context: object, kind: Any, error: Any, _traceback: object) -> None:
    """In place of gevent's own, which prints the greenlet's arguments: the client's address among them."""
    exc_info = error if isinstance(error, BaseException) else None
    log.error("greenlet failed", extra={"error_type": getattr(kind, "__name__", None)}, exc_info=exc_info)


def look_up_once(cfg: Any) -> None:
    """Make attributes of gunicorn's settings, which stay once a worker runs.

    gunicorn finds each by a failure and two calls, and a request needs thirty: a twentieth of its cost.
    """
    vars(cfg).update({name: setting.get() for name, setting in cfg.settings.items()})


def remember_trusted_peers() -> None:
    """Have gunicorn look up once for each address whether its word on the client's scheme is taken.

    It parses the address with every request, and looks for it in each network: a fortieth of its cost.
    """
    message.HeaderPolicy._peer_is_trusted_proxy = _is_trusted  # type: ignore[method-assign]  # noqa: SLF001


def _is_trusted(request: Any) -> bool:
    peer = request.peer_addr
    # A Unix socket has no address.
    return not isinstance(peer, tuple) or _is_allowed(request.cfg, peer[0])


@lru_cache(KNOWN_PEERS)
def _is_allowed(cfg: Any, address: str) -> bool:
    allowed, networks = cfg.forwarded_allow_ips, cfg.forwarded_allow_networks()
    return bool(message._ip_in_allow_list(address, allowed, networks))  # noqa: SLF001
