"""An httpx2 transport on gevent's loop: what the openai SDK sends through under gunicorn's gevent worker.

It does what httpx2's own transport does, with the same exceptions, and each read costs a fraction: a C
parser, one watcher and one timer a connection instead of one of each a read, and no read is tried before the
loop says that it will succeed. It also keeps the connection of a streamed answer, which the SDK never does.

Proxies are not its business: `transport.http_client` leaves them to httpx2.
"""

from __future__ import annotations

import contextlib
import math
import ssl
import time
from collections.abc import Callable, Iterator

import gevent
import httpx2
from gevent import socket
from gevent.hub import Waiter

from webapp.body import drain
from webapp.http1 import ResponseReader, request_bytes

KEEPALIVE_SECONDS = 60.0
"""How long an idle connection is trusted: load balancers drop them silently, the soonest known at 240 s."""

_READ_BYTES = 64 * 1024
_READABLE = 1

Origin = tuple[str, str, int]


class GeventTransport(httpx2.BaseTransport):
    """Sends requests over connections that it keeps, at most `pool_size` of them idle, newest first."""

    def __init__(self, pool_size: int) -> None:
        self._pool = _Pool(pool_size)
        self._ssl_context: ssl.SSLContext | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """As httpx2.BaseTransport has it. The response's extension `body` is its webapp.body.Body."""
        origin = _origin(request.url)
        message = request_bytes(request)
        timeouts = request.extensions.get("timeout", {})
        while connection := self._pool.take(origin):
            # The server may close an idle connection just as the request leaves, and answers nothing then.
            with contextlib.suppress(_StaleConnectionError):
                return self._exchange(connection, message, request, timeouts)
        connection = self._connect(origin, timeouts.get("connect"))
        return self._exchange(connection, message, request, timeouts)

    def close(self) -> None:
        """Close the idle connections; those in use are their answers' to close."""
        self._pool.close()

    def _connect(self, origin: Origin, timeout: float | None) -> _Connection:
        scheme, host, port = origin
        try:
            sock = _connected(host, port, timeout)
            if scheme == "https":
                sock = _secured(sock, self._context(), host)
        except TimeoutError as error:
            raise httpx2.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpx2.ConnectError(str(error)) from error
        return _Connection(origin, sock)

    def _context(self) -> ssl.SSLContext:
        # Loading the certificates takes 20 ms, which a plain-text upstream need not wait for.
        if self._ssl_context is None:
            self._ssl_context = httpx2.create_ssl_context()
            self._ssl_context.set_alpn_protocols(["http/1.1"])
        return self._ssl_context

    def _exchange(
        self,
        connection: _Connection,
        message: bytes,
        request: httpx2.Request,
        timeouts: dict[str, float | None],
    ) -> httpx2.Response:
        reader = ResponseReader(request.method)
        read_timeout = timeouts.get("read")
        try:
            connection.send(message, timeouts.get("write"))
            while not reader.has_headers:
                reader.feed(connection.receive(read_timeout))
        except BaseException as error:
            connection.close()
            broken = isinstance(error, httpx2.ReadError | httpx2.RemoteProtocolError)
            if broken and connection.kept and not reader.begun:
                raise _StaleConnectionError from error
            raise
        body = GeventBody(connection, reader, self._pool, read_timeout)
        return httpx2.Response(
            reader.status,
            headers=reader.headers,
            stream=body,
            extensions={
                "http_version": reader.get_http_version().encode(),
                "reason_phrase": reader.reason,
                "body": body,
            },
        )


class GeventBody(httpx2.SyncByteStream):
    """The Body of a response, and the stream that httpx2 reads."""

    def __init__(
        self, connection: _Connection, reader: ResponseReader, pool: _Pool, read_timeout: float | None
    ) -> None:
        self._connection: _Connection | None = connection
        self._reader = reader
        self._pool = pool
        self._read_timeout = read_timeout
        self._let_go_at_end()

    def read_available(self, timeout: float | None) -> bytes:
        """As Body has it."""
        while not (data := self._reader.take()):
            if self._reader.complete:
                return b""
            self._read(timeout)
        return data

    def release(self) -> None:
        """As Body has it."""
        if self._connection is not None:
            gevent.spawn(drain, self)

    def close(self) -> None:
        """As Body has it."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()

    def __iter__(self) -> Iterator[bytes]:
        try:
            while data := self.read_available(self._read_timeout):
                yield data
        except BaseException:
            self.close()
            raise

    def _read(self, timeout: float | None) -> None:
        if self._connection is None:
            raise httpx2.ReadError("The body is closed")
        try:
            self._reader.feed(self._connection.receive(timeout))
        except httpx2.ReadTimeout:
            raise
        except BaseException:
            self.close()
            raise
        self._let_go_at_end()

    def _let_go_at_end(self) -> None:
        if not self._reader.complete or self._connection is None:
            return
        if self._reader.reusable:
            connection, self._connection = self._connection, None
            self._pool.put(connection)
        else:
            self.close()


class _StaleConnectionError(Exception):
    """A kept connection that the server closed before it sent a byte of the response."""


class _Pool:
    """Idle connections by origin. Each is watched: what is readable while idle has ended, and is closed."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._idle: dict[Origin, list[_Connection]] = {}
        self._count = 0
        self._closed = False

    def take(self, origin: Origin) -> _Connection | None:
        idle = self._idle.get(origin)
        if not idle:
            return None
        self._count -= 1
        connection = idle.pop()
        connection.wake()
        return connection

    def put(self, connection: _Connection) -> None:
        if self._closed or self._count >= self._size:
            connection.close()
            return
        self._idle.setdefault(connection.origin, []).append(connection)
        self._count += 1
        connection.rest(self._discard)

    def close(self) -> None:
        self._closed = True
        for idle in self._idle.values():
            while idle:
                idle.pop().close()
        self._count = 0

    def _discard(self, connection: _Connection) -> None:
        self._idle[connection.origin].remove(connection)
        self._count -= 1
        connection.close()


class _Connection:
    """One socket, and the watcher and the timer that all waiting for it shares."""

    def __init__(self, origin: Origin, sock: socket.socket) -> None:
        self.origin = origin
        self.kept = False
        self._sock = sock
        self._pending: Callable[[], int] | None = sock.pending if isinstance(sock, ssl.SSLSocket) else None
        self._loop = gevent.get_hub().loop
        self._readable = self._loop.io(sock.fileno(), _READABLE)
        self._waiter: Waiter[bool] = Waiter()
        self._timer = self._loop.timer(0)
        self._timer_at = self._deadline = math.inf

    def send(self, data: bytes, timeout: float | None) -> None:
        self._sock.settimeout(timeout)
        try:
            self._sock.sendall(data)
        except TimeoutError as error:
            raise httpx2.WriteTimeout(str(error)) from error
        except OSError:
            # A server may refuse a request before it has all of it, and say why.
            return
        finally:
            self._sock.settimeout(0.0)

    def receive(self, timeout: float | None) -> bytes:
        """Return what is there, waiting up to `timeout` seconds for it; b"" at the end of the connection."""
        readable = bool(self._pending and self._pending()) or self._wait(timeout)
        while True:
            try:
                return self._sock.recv(_READ_BYTES)
            except (BlockingIOError, ssl.SSLWantReadError):
                if not readable:
                    raise httpx2.ReadTimeout("The read operation timed out") from None
            except OSError as error:
                raise httpx2.ReadError(str(error)) from error
            readable = self._wait(timeout)

    def rest(self, on_end: Callable[[_Connection], None]) -> None:
        """Idle until `wake`; `on_end` is called after KEEPALIVE_SECONDS, or if the server closes or speaks."""
        self.kept = True
        self._readable.start(on_end, self)
        self._start_timer(KEEPALIVE_SECONDS, on_end, self)

    def wake(self) -> None:
        """End the idling."""
        self._readable.stop()
        self._timer.stop()
        self._timer_at = math.inf

    def close(self) -> None:
        for watcher in (self._readable, self._timer):
            watcher.stop()
            watcher.close()
        self._sock.close()
        # Another greenlet may be reading; it finds the socket closed.
        self._loop.run_callback(self._waiter.switch, False)

    def _wait(self, timeout: float | None) -> bool:
        """Wait until the socket is readable: False if `timeout` seconds pass first."""
        self._deadline = math.inf if timeout is None else time.monotonic() + timeout
        if timeout is not None and self._deadline < self._timer_at:
            self._timer_at = self._deadline
            self._start_timer(timeout, self._on_timer)
        self._waiter.clear()
        self._readable.start(self._waiter.switch, True)
        try:
            return bool(self._waiter.get())
        finally:
            self._readable.stop()

    def _start_timer(self, seconds: float, callback: Callable[..., None], *arguments: object) -> None:
        self._timer.stop()
        self._timer.close()
        self._timer = self._loop.timer(seconds)
        self._timer.start(callback, *arguments)

    def _on_timer(self) -> None:
        # Deadlines move on with every read; the timer follows when it fires, not each time.
        remaining = self._deadline - time.monotonic()
        if 0 < remaining < math.inf:
            self._timer_at = self._deadline
            self._start_timer(remaining, self._on_timer)
            return
        self._timer_at = math.inf
        if remaining <= 0:
            self._waiter.switch(False)


def _origin(url: httpx2.URL) -> Origin:
    if url.scheme not in ("http", "https"):
        raise httpx2.UnsupportedProtocol(f"Request URL has an unsupported protocol '{url.scheme}://'.")
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


def _connected(host: str, port: int, timeout: float | None) -> socket.socket:
    failure: OSError = OSError(f"{host} has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(timeout)
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException as error:
            sock.close()
            if not isinstance(error, OSError):
                raise
            failure = error
        else:
            return sock
    raise failure


def _secured(sock: socket.socket, context: ssl.SSLContext, host: str) -> ssl.SSLSocket:
    secured = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    try:
        secured.do_handshake()
    except BaseException:
        secured.close()
        raise
    return secured
