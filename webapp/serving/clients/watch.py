"""Watches the socket of a client while its answer is being written, and says when the client has left.

Without it a client's leaving shows only at the second write after it, which may be minutes away, while the
model goes on and is paid. The socket is gunicorn's, on gevent's loop; elsewhere nothing is watched.
"""

from __future__ import annotations

import errno
import select
import socket
from collections.abc import Callable, Mapping
from typing import Any

import gevent
from gevent import monkey

_READABLE = 1
_INPUT_ENDED = getattr(select, "POLLRDHUP", 0)
"""The end of the input, seen although bytes wait before it; Linux alone says so."""
_PROBE_ANSWER_SECONDS = (0.0, 0.005, 0.05, 0.5, 2.0)
"""When to look whether a reset answered a probe: at once on one machine, after a round trip elsewhere."""
_ASK_AGAIN_SECONDS = 0.05
"""How long after a moment at which nothing could be sent."""
_LOOK_BEHIND_SECONDS = (0.001, 1.0)
"""How soon, and at last how often, to look for an end of the input behind bytes that are not ours to take."""

CHUNKED_PROBE = b"0"
"""What may be sent any time between two chunks: a leading zero of the next chunk's size (RFC 9112, 7.1)."""
INTERIM_PROBE = b"HTTP/1.1 100 Continue\r\n\r\n"
"""What may be sent at any time before the head of a response (RFC 9110, 15.2)."""
NO_PROBE = b""
"""For HTTP/1.0 and 2, which have none: a client that sends no more is taken for gone there, as by nginx."""


class ClientWatch:
    """Calls `left` once, from the loop, when the client has closed its connection.

    Three clients are not mistaken for gone: one that sends its next request early, one that has ended its own
    half of the connection and still reads, and one that is only silent. An end of the input says no more than
    that the client will not send; a probe, which a closed socket answers with a reset, tells the rest. None
    for a probe means: not at this moment.

    Over TLS the bytes that are seen are records, the last of them often a close_notify, which only says again
    what the end of the input says; and the probe goes out as a record.
    """

    def __init__(self, sock: Any, left: Callable[[], None], probe: Callable[[], bytes | None]) -> None:
        self._sock: socket.socket = sock._sock  # noqa: SLF001  # gevent's own; its methods would switch greenlets
        self._tls: Any = getattr(sock, "_sslobj", None)
        self._left = left
        self._probe = probe
        self._loop = gevent.get_hub().loop
        self._watcher: Any = self._loop.io(self._sock.fileno(), _READABLE)
        self._timer: Any = None
        self._watcher.start(self._readable)

    def stop(self) -> None:
        """Watch no longer. May be called more than once."""
        for watcher in (self._watcher, self._timer):
            if watcher is not None:
                watcher.stop()
                watcher.close()
        self._watcher = self._timer = None

    def _readable(self) -> None:
        try:
            data = self._sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            self._leave()
            return
        self._watcher.stop()
        if data:
            self._look_behind(*_LOOK_BEHIND_SECONDS)
        else:
            self._ask()

    def _look_behind(self, seconds: float, at_last: float) -> None:
        events = self._events()
        if events & (select.POLLERR | select.POLLHUP):
            self._leave()
        elif events & _INPUT_ENDED:
            self._ask()
        else:
            self._later(seconds, self._look_behind, min(2 * seconds, at_last), at_last)

    def _ask(self) -> None:
        probe = self._probe()
        if probe == NO_PROBE:
            self._leave()
            return
        try:
            sent = probe is not None and self._send(probe)
        except BlockingIOError:
            sent = False
        except OSError:
            self._leave()
            return
        if sent:
            self._look(0)
        else:
            self._later(_ASK_AGAIN_SECONDS, self._ask)

    def _send(self, probe: bytes) -> int:
        if self._tls is None:
            return self._sock.send(probe, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
        # A record that the kernel does not take at once stays with OpenSSL, which would count it as the first
        # bytes of the next write. Where there is room for an answer, there is for a few bytes.
        return int(self._tls.write(probe)) if self._events() & select.POLLOUT else 0

    def _events(self) -> int:
        # gevent's own would switch greenlets.
        poll = monkey.get_original("select", "poll")()
        poll.register(self._sock, select.POLLOUT | _INPUT_ENDED)
        return sum(events for _, events in poll.poll(0))

    def _look(self, turn: int) -> None:
        if self._sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) in (errno.EPIPE, errno.ECONNRESET):
            self._leave()
        elif turn + 1 < len(_PROBE_ANSWER_SECONDS):
            self._later(_PROBE_ANSWER_SECONDS[turn + 1], self._look, turn + 1)

    def _later(self, seconds: float, call: Callable[..., None], *args: Any) -> None:
        if self._timer is not None:
            self._timer.close()
        self._timer = self._loop.timer(seconds)
        self._timer.start(call, *args)

    def _leave(self) -> None:
        self.stop()
        self._left()


def watchable_socket(environ: Mapping[str, Any]) -> Any:
    """Return the client's socket if it is one on gevent's loop, else None."""
    sock = environ.get("gunicorn.socket")
    return sock if hasattr(sock, "_sock") and monkey.is_module_patched("socket") else None
