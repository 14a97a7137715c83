"""An httpx2 transport on gevent's loop: what the openai SDK sends through under gunicorn's gevent worker.

It does what httpx2's own transport does, with the same exceptions, and each read costs a fraction: a C
parser, one watcher and one timer a connection instead of one of each a read, and no read is tried before the
loop says that it will succeed. It also keeps the connection of a streamed answer, which the SDK never does.

Proxies are not its business: `upstream/client.py` leaves them to httpx2.
"""

from __future__ import annotations

import contextlib
import math
import os
import ssl
import time
from collections.abc import Iterator, Mapping

import gevent
import httpx2
from geventhttpclient.response import HTTPParseError

from webapp.upstream.transport.body import drain
from webapp.upstream.transport.certificates import tls_context
from webapp.upstream.transport.connections import Connection, Origin, Pool, connect
from webapp.upstream.transport.http1 import ResponseReader, request_bytes

Timeouts = Mapping[str, float | None]
"""Seconds; `connect`, `read` and `write`, as in a request's extension `timeout`."""


SHORT_BYTES = 16 * 1024
"""What the send buffer of an idle connection takes at once: the least that Linux gives it."""
SHORT_SECONDS = 1.0
"""How long it may take, where the buffer has become smaller, before the connection is given up."""


class GeventTransport(httpx2.BaseTransport):
    """Sends requests over connections that it keeps, at most `pool_size` of them idle, newest first."""

    def __init__(self, pool_size: int) -> None:
        self._pool = Pool(pool_size)
        self._ssl_context: ssl.SSLContext | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """As httpx2.BaseTransport has it. The response's extension `body` is its Body."""
        timeouts = request.extensions.get("timeout", {})
        message = request_bytes(request)
        return self.exchange(origin_of(request.url), message, timeouts, method=request.method).response()

    def exchange(
        self, origin: Origin, message: bytes, timeouts: Timeouts, *, method: str = "POST"
    ) -> GeventBody:
        """Send a whole request, and return when the head of its response is there.

        Raises httpx2.TransportError.
        """
        while connection := self._pool.take(origin):
            with contextlib.suppress(StaleConnectionError):
                return Exchange(connection, message, timeouts, method, self._pool).whole_head()
        connection = connect(origin, timeouts.get("connect"), self._context)
        return Exchange(connection, message, timeouts, method, self._pool).whole_head()

    def over_kept(self, origin: Origin, message: bytes, timeouts: Timeouts) -> Exchange | None:
        """Send a POST over an idle connection, if there is one. Not a long one, which would have to wait.

        Raises StaleConnectionError.
        """
        connection = self._pool.take(origin) if len(message) <= SHORT_BYTES else None
        if connection is None:
            return None
        try:
            return Exchange(connection, message, {**timeouts, "write": SHORT_SECONDS}, "POST", self._pool)
        except httpx2.WriteTimeout as error:
            raise StaleConnectionError from error

    def close(self) -> None:
        """Close the idle connections; those in use are their answers' to close."""
        self._pool.close()

    def _context(self) -> ssl.SSLContext:
        # Loading the certificates takes 20 ms, which a plain-text upstream need not wait for.
        if self._ssl_context is None:
            self._ssl_context = tls_context(os.environ)
            self._ssl_context.set_alpn_protocols(["http/1.1"])
        return self._ssl_context


class Exchange:
    """A request that is sent, and whose response's head is waited for. Raises httpx2.TransportError."""

    def __init__(
        self, connection: Connection, message: bytes, timeouts: Timeouts, method: str, pool: Pool
    ) -> None:
        self._connection: Connection | None = connection
        self._reader = ResponseReader(method)
        self._read_timeout = timeouts.get("read")
        self._pool = pool
        try:
            connection.send(message, timeouts.get("write"))
        except BaseException:
            self.close()
            raise

    def read_head(self, timeout: float | None) -> GeventBody | None:
        """Read once, waiting up to `timeout` seconds: the body, or None while the head is not complete.

        Raises httpx2.ReadTimeout, after which the reading may go on; StaleConnectionError; and another
        httpx2.TransportError.
        """
        connection, reader = self._connection, self._reader
        if connection is None:
            raise httpx2.ReadError("The exchange is closed")
        try:
            reader.feed_head(connection.receive(timeout))
        except httpx2.ReadTimeout:
            raise
        except BaseException as error:
            self.close()
            broken = isinstance(error, httpx2.ReadError | httpx2.RemoteProtocolError)
            if broken and connection.kept and not reader.begun:
                raise StaleConnectionError from error
            raise
        if not reader.has_headers:
            return None
        self._connection = None
        return GeventBody(connection, reader, self._pool, self._read_timeout)

    def whole_head(self) -> GeventBody:
        """Read until the head is complete, waiting up to the read timeout in all. Raises as read_head."""
        until = math.inf if self._read_timeout is None else time.monotonic() + self._read_timeout
        left = self._read_timeout
        try:
            while (body := self.read_head(left)) is None:
                left = None if until == math.inf else max(0.0, until - time.monotonic())
        except httpx2.ReadTimeout:
            self.close()
            raise
        return body

    def close(self) -> None:
        """Give the response up. Does nothing once the body is there: then it is the body's to close."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()


class GeventBody(httpx2.SyncByteStream):
    """The Body of a response, and the stream that httpx2 reads."""

    def __init__(
        self, connection: Connection, reader: ResponseReader, pool: Pool, read_timeout: float | None
    ) -> None:
        self._connection: Connection | None = connection
        self._reader = reader
        self._pool = pool
        self._read_timeout = read_timeout
        self._released = False
        if reader.ended:
            self._let_go()

    @property
    def status(self) -> int:
        """The response's."""
        return self._reader.status

    @property
    def is_encoded(self) -> bool:
        """Whether the response says that its bytes are encoded in some way."""
        return any(name.lower() == b"content-encoding" for name, _ in self._reader.headers)

    def response(self) -> httpx2.Response:
        """Return the response that has this body."""
        reader = self._reader
        return httpx2.Response(
            reader.status,
            headers=reader.headers,
            stream=self,
            extensions={
                "http_version": reader.get_http_version().encode(),
                "reason_phrase": reader.reason,
                "body": self,
            },
        )

    def read_available(self, timeout: float | None) -> bytes:
        """As Body has it."""
        reader = self._reader
        waited = False
        while not reader.body and not reader.ended:
            connection = self._connection
            if connection is None:
                raise httpx2.ReadError("The body is closed")
            try:
                # Bytes that are none of the body's win no time.
                reader.feed(connection.receive_more() if waited else connection.receive(timeout))
                waited = True
            except HTTPParseError as error:
                reader.break_off(error)
            except httpx2.ReadTimeout:
                raise
            except BaseException:
                self._close()
                raise
        if reader.ended:
            self._let_go()
        data = b"".join(reader.body)
        reader.body.clear()
        if not data and reader.error:
            raise reader.error
        return data

    def release(self) -> None:
        """As Body has it."""
        if self._connection is not None and not self._released:
            self._released = True
            gevent.spawn(self._drain)

    def close(self) -> None:
        """As Body has it."""
        if not self._released:
            self._close()

    def __iter__(self) -> Iterator[bytes]:
        try:
            while data := self.read_available(self._read_timeout):
                yield data
        except BaseException:
            self.close()
            raise

    def _drain(self) -> None:
        try:
            drain(self)
        finally:
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()

    def _let_go(self) -> None:
        if self._connection is not None and self._reader.reusable:
            connection, self._connection = self._connection, None
            self._pool.put(connection)
        self._close()


class StaleConnectionError(Exception):
    """The server closed a kept connection before it sent a byte: the request may be sent over another.

    It may close an idle connection just as the request leaves, and answers nothing then.
    """


def origin_of(url: httpx2.URL) -> Origin:
    """Return where a request to the URL goes. Raises UnsupportedProtocol."""
    if url.scheme not in ("http", "https"):
        raise httpx2.UnsupportedProtocol(f"Request URL has an unsupported protocol '{url.scheme}://'.")
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)
