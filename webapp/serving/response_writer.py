"""gunicorn's response, whose chunks take the short way out as long as the client keeps up."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

from gunicorn import util
from gunicorn.http import wsgi
from gunicorn.http.body import ChunkedReader, LengthReader

from webapp.serving.lifecycle import LastBytes

LAST_CHUNK = b"0\r\n\r\n"
_SIZES = [b"%X\r\n" % size for size in range(1024)]
"""The first lines of chunks: to write one of a token's size anew is a hundredth of the token."""


class ResponseWriter(wsgi.Response):
    """Writes what its base class writes, in a fifth of the calls, the head with the first chunk, and the end
    with the last.

    A token is a few hundred bytes, and nearly always the kernel takes it whole. gevent's own way of sending,
    which asks for the size of the send buffer and slices a memoryview, costs as much as the sending.
    """

    def __init__(self, req: Any, sock: Any, cfg: Any) -> None:
        super().__init__(req, sock, cfg)  # type: ignore[no-untyped-call]  # gunicorn is not annotated
        # Of the socket that gevent wraps. TLS has its own way.
        self._send = sock._sock.send if getattr(sock, "_sslobj", None) is None else None  # noqa: SLF001
        self._has_ended = False

    def should_close(self) -> bool:
        """Whether the connection ends with this response: also where its request was not read to its end."""
        return bool(super().should_close()) or has_rest(self.req)  # type: ignore[no-untyped-call]

    def can_sendfile(self) -> bool:
        """Say no: no limit would hold there."""
        return False

    def write(self, data: bytes) -> None:
        """Write a part of the body, unless it is empty: an empty chunk is the end (RFC 9112, 7.1)."""
        if not self.chunked or not data:
            super().write(data)  # type: ignore[no-untyped-call]
            return
        size = len(data)
        framed = (_SIZES[size] if size < len(_SIZES) else b"%X\r\n" % size) + data + b"\r\n"
        if not self.headers_sent:
            self.headers_sent = True
            framed = self._head() + framed
        self.sent += size
        if data.__class__ is LastBytes:
            self._has_ended = True
            framed += LAST_CHUNK
        try:
            sent = self._send(framed) if self._send is not None else 0
        except BlockingIOError:
            sent = 0
        if sent < len(framed):
            self.sock.sendall(memoryview(framed)[sent:])

    def close(self) -> None:
        """Write the end, unless it went along with the last bytes."""
        if not self._has_ended:
            super().close()  # type: ignore[no-untyped-call]

    def _head(self) -> bytes:
        first: list[str] = self.default_headers()  # type: ignore[no-untyped-call]
        lines = [*first, *(f"{name}: {value}\r\n" for name, value in self.headers), "\r\n"]
        return "".join(lines).encode("latin-1")


def has_rest(req: Any) -> bool:
    """Whether bytes of a request may still be on their way. What has come with its head is read here."""
    reader = getattr(getattr(req, "body", None), "reader", None)
    if isinstance(reader, LengthReader):
        if 0 < reader.length <= reader.unreader.buf.getbuffer().nbytes:
            reader.read(reader.length)  # type: ignore[no-untyped-call]
        return bool(reader.length)
    return isinstance(reader, ChunkedReader) and reader.parser is not None


def install() -> None:
    """Have gunicorn's workers write with it: they name no class of their own to put in its place."""
    wsgi.Response = ResponseWriter  # type: ignore[misc]  # a subclass may stand in
    util.http_date = http_date


def http_date(timestamp: float | None = None) -> str:
    """As gunicorn's own, which puts each date into words anew: a hundredth of a request."""
    return str(_in_words(int(time.time() if timestamp is None else timestamp)))


_in_words = lru_cache(maxsize=1)(util.http_date)
