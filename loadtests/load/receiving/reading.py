"""Reads the body of an answer from Locust's connection as it comes: a wait, a look at the socket, the parser.

geventhttpclient's own readers look first and wait then, each time with a new timer and a new waiter: half of
what a token costs. Here one watcher and one timer serve all waits of an answer.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import gevent
from gevent import ssl
from geventhttpclient.response import HTTPConnectionClosed, HTTPSocketPoolResponse

READ_BYTES = 4096
READABLE = 1


def blocks(raw: HTTPSocketPoolResponse, stall_seconds: float) -> Iterator[bytes]:
    """What comes, as it comes; raises TimeoutError after a silence, OSError, and the parser's errors."""
    buffer = raw._body_buffer  # noqa: SLF001
    with contextlib.ExitStack() as cleanup:
        cleanup.callback(raw.release)
        receive: Callable[[int], bytes] | None = None
        while True:
            if buffer:
                block = bytes(buffer)
                del buffer[:]
                yield block
            elif raw.message_complete:
                return
            else:
                receive = receive or _receiving(raw, stall_seconds, cleanup)
                raw.feed(receive(READ_BYTES))


def _receiving(
    raw: HTTPSocketPoolResponse, stall_seconds: float, cleanup: contextlib.ExitStack
) -> Callable[[int], bytes]:
    sock: Any = raw._sock  # noqa: SLF001
    if sock is None:
        raise HTTPConnectionClosed("connection closed.")
    if isinstance(sock, ssl.SSLSocket):
        # It keeps bytes of its own, of which no watcher knows.
        receive: Callable[[int], bytes] = sock.recv
        return receive
    return cleanup.enter_context(contextlib.closing(_Waiting(sock, stall_seconds))).receive


class _Waiting:
    """The waits for one answer, all in the greenlet that made this."""

    def __init__(self, sock: Any, stall_seconds: float) -> None:
        hub = gevent.get_hub()
        self._switch_to_hub = hub.switch
        self._greenlet = gevent.getcurrent()
        self._receive: Callable[[int], bytes] = sock._sock.recv  # noqa: SLF001 - gevent's own waits once more
        self._stall_seconds = stall_seconds
        self._since: float | None = None
        """When the wait began that goes on."""
        self._loop = hub.loop
        self._readable = self._loop.io(sock.fileno(), READABLE)
        self._timer = self._started_timer(stall_seconds)

    def receive(self, size: int) -> bytes:
        """What is there, once something is."""
        self._since = time.perf_counter()
        try:
            while True:
                self._wait()
                try:
                    return self._receive(size)
                except BlockingIOError:  # contextlib's way costs two objects a token
                    continue
        finally:
            self._since = None

    def close(self) -> None:
        for watcher in (self._readable, self._timer):
            watcher.stop()
            watcher.close()

    def _wait(self) -> None:
        self._readable.start(self._greenlet.switch)
        try:
            self._switch_to_hub()
        finally:
            self._readable.stop()

    def _started_timer(self, seconds: float) -> Any:
        # A new one each time: `again` starts none that does not repeat (libev, ev_timer_again).
        timer = self._loop.timer(seconds)
        # The loop's own time is that of its last look, and may be old.
        timer.start(self._look, update=True)
        return timer

    def _look(self) -> None:
        """End a wait that takes too long; looks anew only when the present one could."""
        now = time.perf_counter()
        left = (now if self._since is None else self._since) + self._stall_seconds - now
        if left > 0:
            self._timer.close()
            self._timer = self._started_timer(left)
        else:
            self._greenlet.throw(TimeoutError("silence"))
