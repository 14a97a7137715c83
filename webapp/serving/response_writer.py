"""gunicorn's response, whose chunks take the short way out as long as the client keeps up."""

from __future__ import annotations

import errno
from typing import Any

import gevent
from gevent import ssl
from gunicorn.http import wsgi

from webapp.serving import send_queue

LAST_CHUNK = b"0\r\n\r\n"


class ResponseWriter(wsgi.Response):
    """Writes what its base class writes, in a fifth of the calls, and the head together with the first chunk.

    A token is a few hundred bytes, and nearly always the kernel takes it whole. gevent's own way of sending,
    which asks for the size of the send buffer and slices a memoryview, costs as much as the sending.
    """

    send_timeout_seconds = 30.0
    """How long a client may take nothing of the end of a body."""

    def __init__(self, req: Any, sock: Any, cfg: Any) -> None:
        super().__init__(req, sock, cfg)  # type: ignore[no-untyped-call]  # gunicorn is not annotated
        # Of the socket that gevent wraps. TLS has its own way.
        self._send = None if isinstance(sock, ssl.SSLSocket) else sock._sock.send  # noqa: SLF001

    def write(self, data: bytes) -> None:
        """Write a part of the body, unless it is empty: an empty chunk is the end (RFC 9112, 7.1)."""
        if not self.chunked or not data:
            super().write(data)  # type: ignore[no-untyped-call]
            return
        framed = b"%X\r\n%b\r\n" % (len(data), data)
        if not self.headers_sent:
            self.headers_sent = True
            framed = self._head() + framed
        self.sent += len(data)
        try:
            sent = self._send(framed) if self._send is not None else 0
        except BlockingIOError:
            sent = 0
        if sent < len(framed):
            self.sock.sendall(memoryview(framed)[sent:])

    def close(self) -> None:
        """Write the end. The answer is over by then, so nobody else would cut a client that takes nothing."""
        if not (self.chunked and self.headers_sent):
            super().close()  # type: ignore[no-untyped-call]
            return
        try:
            sent = self._send(LAST_CHUNK) if self._send is not None else 0
        except BlockingIOError:
            sent = 0
        if sent < len(LAST_CHUNK):
            self._send_in_time(LAST_CHUNK[sent:])

    def _send_in_time(self, data: bytes) -> None:
        try:
            with gevent.Timeout(self.send_timeout_seconds, TimeoutError()):
                self.sock.sendall(data)
        except TimeoutError:
            send_queue.cut(self.sock._sock)  # noqa: SLF001
            # Which gunicorn takes for a client that left.
            raise OSError(errno.EPIPE, "the client takes nothing") from None

    def _head(self) -> bytes:
        first: list[str] = self.default_headers()  # type: ignore[no-untyped-call]
        lines = [*first, *(f"{name}: {value}\r\n" for name, value in self.headers), "\r\n"]
        return "".join(lines).encode("latin-1")


def install(send_timeout_seconds: float) -> None:
    """Have gunicorn's workers write with it: they name no class of their own to put in its place."""
    ResponseWriter.send_timeout_seconds = send_timeout_seconds
    wsgi.Response = ResponseWriter  # type: ignore[misc]  # a subclass may stand in
