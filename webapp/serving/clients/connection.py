"""A client's connection as gunicorn reads and writes it: each read and write has a limit, and none is greedy.

gevent switches greenlets only where a socket makes it wait. A client that always has bytes ready, or always
takes them, would keep the worker to itself; here what came without a wait is paid for by waiting for a turn.
"""

from __future__ import annotations

import errno
import logging
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import gevent
from gevent.hub import Waiter
from gunicorn.http.errors import LimitRequestHeaders

from webapp.serving.clients import send_queue
from webapp.serving.clients.gone import ClientStuck
from webapp.serving.clients.turns import Turns

log = logging.getLogger(__name__)

MOST_HEAD_BYTES = 32 * 1024
"""Of a request's line and headers together: what nginx takes. A chat needs 2 KiB, a site's cookies 8."""
LINGER_SECONDS = 5.0
LINGER_SILENT_SECONDS = 2.0
LINGER_BYTES = 16 * 1024 * 1024
"""How long, how long in silence, and how much is read of a request after its refusal (RFC 9112, 9.6)."""
LOOKS_PER_TIMEOUT = 4
"""How often it is looked whether a client has taken anything. Looks are counted, not seconds: a process that
was itself stopped for a while must not find that all its clients took nothing for that long."""
_LINGER_READ_BYTES = 64 * 1024
_READABLE = 1


turns = Turns()
"""Of all connections of this process."""


@dataclass(frozen=True)
class ConnectionLimits:
    """How long a client may take for what, in seconds, and how much it may send."""

    idle_seconds: float
    """Between two requests."""
    head_seconds: float
    """From its first byte, or from the connection's beginning, to the end of a request's headers."""
    body_seconds: float
    """From there to the end of its body."""
    body_bytes: int
    """As they travel: a body in chunks has more than its text."""
    send_seconds: float
    """How long it may take nothing of what is sent to it."""


class BodyTooLongError(OSError):
    """A request's body takes more bytes on the wire than any that would be accepted."""


class ClientConnection:
    """What gunicorn uses of a socket, over gevent's own.

    `_sock` is the socket below gevent's and `_sslobj` its TLS, as gevent names them, for those who must not
    switch greenlets. `source` is where the client is.
    """

    def __init__(self, sock: Any, limits: ConnectionLimits, source: bytes | str = "") -> None:
        self._waiting = sock
        self._source = source
        self._sock: Any = sock._sock  # noqa: SLF001
        self._sslobj: Any = getattr(sock, "_sslobj", None)
        self._limits = limits
        self._until = time.monotonic() + limits.head_seconds
        self._room = MOST_HEAD_BYTES
        self._part = "head"
        self._turns = 0
        """How many it has had since its client was last waited for."""
        self._has_turn = False
        """Whether the last of them has not been used yet."""
        self.receiving = False
        """Whether bytes of the client are waited for, and nothing else."""
        self.input_ended = False
        """Whether it has been told to wait for none."""
        send_queue.bound(self._sock)

    def shake_hands(self) -> bool:
        """Complete the handshake, where there is TLS, in a head's time; return whether that was done."""
        if self._sslobj is None:
            return True
        self.receiving = True
        try:
            # One limit for all of it: gevent's own is for each wait.
            with gevent.Timeout(self._limits.head_seconds, TimeoutError):
                self._waiting.do_handshake()
        except OSError as error:
            # Its text is OpenSSL's, and a client can choose which.
            log.debug("handshake failed", extra={"error_type": type(error).__name__})
            return False
        finally:
            self.receiving = False
        return True

    def expect_request(self) -> None:
        """A request has been answered; another may come."""
        self._part, self._room = "idle", MOST_HEAD_BYTES
        self._until = time.monotonic() + self._limits.idle_seconds

    def expect_body(self) -> None:
        """The head of a request is there."""
        self._part, self._room = "body", self._limits.body_bytes
        self._until = time.monotonic() + self._limits.body_seconds

    def take_turn(self) -> None:
        """Begin with a request: in the turn that its last read has had, or in one of its own."""
        if not self._has_turn:
            self.give_turn()
        self._has_turn = False

    def give_turn(self) -> None:
        """Let those go first whose sockets are ready, other sources, and who has had fewer turns."""
        self._turns += 1
        turns.wait(self._source, self._turns)
        self._has_turn = True

    def recv(self, size: int) -> bytes:
        """Return what is there, waiting for it; b"" at the end, which a head or a wait that took too long is.

        Raises TimeoutError and BodyTooLongError in a body, LimitRequestHeaders, and ConnectionResetError.
        """
        self.receiving = True
        try:
            data = self._received(size, self._until)
        finally:
            self.receiving = False
        if data is None:
            if self._part == "body":
                raise TimeoutError(f"the body took more than {self._limits.body_seconds:g} s")
            return b""
        self._room -= len(data)
        if self._room < 0:
            if self._part == "body":
                raise BodyTooLongError(errno.EMSGSIZE, "the body is too long")
            raise LimitRequestHeaders(f"at most {MOST_HEAD_BYTES} bytes")  # type: ignore[no-untyped-call]
        if self._part == "idle":
            self._part, self._until = "head", time.monotonic() + self._limits.head_seconds
        return data

    def sendall(self, data: bytes | memoryview, _flags: int = 0) -> None:
        """Send all of it. Raises ClientStuck when the client has taken nothing for too long."""
        left = memoryview(data)
        idle_looks, taken = 0, -1
        self._waiting.settimeout(self._limits.send_seconds / LOOKS_PER_TIMEOUT)
        while left:
            try:
                sent = self._waiting.send(left)
            except TimeoutError:
                # The kernel wakes a writer only when a third of its buffer is free again.
                before, taken = taken, send_queue.taken_bytes(self._sock)
                idle_looks = idle_looks + 1 if taken == before else 0
                if idle_looks >= LOOKS_PER_TIMEOUT:
                    send_queue.cut(self._sock)
                    raise ClientStuck from None
            except OSError as error:
                raise BrokenPipeError(errno.EPIPE, "the client's connection broke") from error
            else:
                left, idle_looks = left[sent:], 0

    def send(self, data: bytes) -> int:
        """As sendall: what gunicorn sends by it is a line."""
        self.sendall(data)
        return len(data)

    def linger(self) -> None:
        """Read what may still come of a refused request, within limits, so that the refusal arrives.

        A connection that is closed with bytes unread ends in a reset, which takes back what the client has
        not read yet (RFC 9112, 9.6).
        """
        if self._sslobj is None:
            self.end_output()
        now = time.monotonic()
        until, left = now + LINGER_SECONDS, LINGER_BYTES
        with suppress(OSError):
            while left > 0 and (
                data := self._received(
                    _LINGER_READ_BYTES, min(until, time.monotonic() + LINGER_SILENT_SECONDS)
                )
            ):
                left -= len(data)

    def end_input(self) -> None:
        """Make the connection look ended to who reads from it, who then closes it without a word."""
        self.input_ended = True
        # Not gevent's own method, which would raise in the greenlet that reads instead of letting it read on.
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RD)

    def end_output(self) -> None:
        """Say that nothing more will be sent."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)

    def shutdown(self, how: int) -> None:
        """As a socket has it."""
        self._waiting.shutdown(how)

    def close(self) -> None:
        """As a socket has it."""
        self._waiting.close()

    def setblocking(self, _flag: int) -> None:
        """Do nothing: how long a wait may take is decided here."""

    def fileno(self) -> int:
        """As a socket has it."""
        return int(self._waiting.fileno())

    def getsockname(self) -> Any:
        """As a socket has it."""
        return self._waiting.getsockname()

    def setsockopt(self, *args: Any) -> None:
        """As a socket has it."""
        self._sock.setsockopt(*args)

    def _received(self, size: int, until: float) -> bytes | None:
        """Return what came until then, None if nothing did. The clock counts, be there bytes or not."""
        remaining = until - time.monotonic()
        if remaining <= 0:
            return None
        try:
            return self._at_once(size) or self._waited_for(size, remaining)
        except (TimeoutError, ssl.SSLError):
            return None
        except OSError as error:
            raise ConnectionResetError(errno.ECONNRESET, "the client's connection broke") from error

    def _at_once(self, size: int) -> bytes | None:
        if self._sslobj is not None:
            # Its records may wait inside of OpenSSL, where nobody sees whether a read would have to wait.
            self.give_turn()
            return None
        try:
            data: bytes = self._sock.recv(size)
        except BlockingIOError:
            self._turns = 0
            return None
        self.give_turn()
        return data

    def _waited_for(self, size: int, seconds: float) -> bytes:
        if self._sslobj is None or not self._sslobj.pending():
            self._wait(seconds)
        self._waiting.settimeout(seconds)
        data = bytes(self._waiting.recv(size))
        self._has_turn = False
        if not data:
            # Many may leave at once, and each costs a little to clean up after.
            self.give_turn()
        return data

    def _wait(self, seconds: float) -> None:
        """Wait for bytes or the end, and then for a turn. Raises TimeoutError.

        gevent would go on with each as soon as it looks at the sockets: thousands that speak or leave at one
        moment would all go on before anybody else.
        """
        loop = gevent.get_hub().loop
        waiter: Any = Waiter()
        go_on = partial(waiter.switch, True)
        timer, readable = loop.timer(seconds), loop.io(self._sock.fileno(), _READABLE)

        def ready() -> None:
            readable.stop()
            turns.give(go_on, self._source, self._turns)

        # The loop's own time is that of its last look, and may be old.
        timer.start(waiter.switch, False, update=True)
        readable.start(ready)
        try:
            if not waiter.get():
                raise TimeoutError
        finally:
            for watcher in (timer, readable):
                watcher.stop()
                watcher.close()
