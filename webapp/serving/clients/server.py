"""Accepts connections: as many at once as come, each let in when it is the turn of its source."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from typing import Any

import gevent
import gevent.socket
from gevent import monkey
from gevent.server import StreamServer

from webapp.serving.clients.connection import turns
from webapp.serving.clients.refusals import refuse_at_once
from webapp.serving.clients.turns import Door, source_of

log = logging.getLogger(__name__)

LEAST_ACCEPTED, MOST_ACCEPTED = 4, 64
"""How many connections are accepted before others have their turn, where few come and where many do: of
several workers the first to wake would else take all that wait, and what nobody accepts waits in the
kernel's line, where all sources stand behind the one that floods. One takes 10 µs, or 40 to be refused."""
CALM_SECONDS = 10.0
"""A flood is over, and the next is logged again, when for so long nobody was refused."""
_plain_socket: Any = monkey.get_original("socket", "socket")


class ClientServer(StreamServer):
    """gevent's, with a door: who comes is accepted at once, and let in when it is the turn of its source.

    The handshake of TLS is left to who knows the limits, and a broken one is no error.
    """

    max_accept = LEAST_ACCEPTED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._door = Door(turns, self._let_in)
        self._came_all = True
        self._refused_at = float("-inf")
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
            self._note_flood()
            with _plain_socket(fileno=file) as sock, suppress(OSError):
                if not self.ssl_args:
                    refuse_at_once(sock)

    def _note_flood(self) -> None:
        now = time.monotonic()
        if now - self._refused_at > CALM_SECONDS:
            told = {"status": 503, "error_code": "over_capacity"}
            # The loop may not wait for somebody who is writing to the log.
            gevent.spawn(log.warning, "connections refused unread", extra=told)
        self._refused_at = now

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
