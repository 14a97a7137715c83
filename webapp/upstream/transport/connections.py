"""Connections on gevent's loop: making them, waiting for them, keeping them for the next request."""

from __future__ import annotations

import math
import ssl
import time
from collections.abc import Callable
from typing import Any

import gevent
import httpx2
from gevent import monkey, socket
from gevent.hub import Waiter

KEEPALIVE_SECONDS = 60.0
"""How long an idle connection is trusted: load balancers drop them silently, the soonest known at 240 s."""

LATE_SECONDS = 0.01
"""For how long after its time a read takes what is there, if that is more than one look has seen."""

LEAST_SHARE_SECONDS = 0.05
"""For the last of many addresses, when those before it took all the time."""

_READ_BYTES = 4 * 1024
"""Some 15 tokens. What one read brings is decoded without a wait: 400 events of nothing take 3 ms. And a
stuck client holds several copies of what was read last, as chunks and as text."""
_READABLE = 1
_resolve: Callable[..., list[Any]] = monkey.get_original("socket", "getaddrinfo")

Origin = tuple[str, str, int]
"""Scheme, host, port."""


class Pool:
    """Idle connections by origin. Each is watched: what is readable while idle has ended, and is closed."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._idle: dict[Origin, list[Connection]] = {}
        self._count = 0
        self._closed = False

    def take(self, origin: Origin) -> Connection | None:
        idle = self._idle.get(origin)
        if not idle:
            return None
        self._count -= 1
        connection = idle.pop()
        connection.wake()
        return connection

    def put(self, connection: Connection) -> None:
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

    def _discard(self, connection: Connection) -> None:
        self._idle[connection.origin].remove(connection)
        self._count -= 1
        connection.close()


class Connection:
    """One socket, and the watcher and the timer that all waiting for it shares."""

    def __init__(self, origin: Origin, sock: socket.socket) -> None:
        self.origin = origin
        self.kept = False
        self._sock = sock
        self._pending: Callable[[], int] | None = None
        # The raw socket's: gevent's own adds a wait, which here has always been done. TLS needs gevent's.
        raw: Any = sock._sock  # type: ignore[attr-defined]  # noqa: SLF001
        self._receive: Callable[[int], bytes] = raw.recv
        self._send_some: Callable[[bytes], int] | None = raw.send
        if isinstance(sock, ssl.SSLSocket):
            self._pending, self._receive, self._send_some = sock.pending, sock.recv, None
        self._loop = gevent.get_hub().loop
        self._readable = self._loop.io(sock.fileno(), _READABLE)
        self._waiter: Waiter[bool] = Waiter()
        self._timer = self._loop.timer(0)
        self._timer_at = self._deadline = math.inf

    def send(self, data: bytes, timeout: float | None) -> None:
        """Send all of it, waiting up to `timeout` seconds for the server to take it."""
        try:
            sent = self._send_some(data) if self._send_some is not None else 0
        except BlockingIOError:
            sent = 0
        except OSError:
            # A server may refuse a request before it has all of it, and say why.
            return
        if sent < len(data):
            self._send_rest(memoryview(data)[sent:], timeout)

    def _send_rest(self, data: memoryview, timeout: float | None) -> None:
        self._sock.settimeout(timeout)
        try:
            self._sock.sendall(data)
        except TimeoutError as error:
            raise httpx2.WriteTimeout(str(error)) from error
        except OSError:
            return
        finally:
            self._sock.settimeout(0.0)

    def receive(self, timeout: float | None) -> bytes:
        """Return what is there, waiting up to `timeout` seconds for it; b"" at the end of the connection."""
        self._deadline = math.inf if timeout is None else time.monotonic() + timeout
        if timeout is not None and self._deadline < self._timer_at:
            self._timer_at = self._deadline
            self._start_timer(timeout, self._on_timer)
        return self._receive_in_time()

    def receive_more(self) -> bytes:
        """As `receive` has it, in what is left of its time."""
        # The timer cannot tell: it fires once, and if bytes come at that moment, they are what is returned.
        late = time.monotonic() - self._deadline
        if late > LATE_SECONDS:
            raise httpx2.ReadTimeout("The read operation timed out")
        return self._receive_in_time(waits=late < 0)

    def _receive_in_time(self, *, waits: bool = True) -> bytes:
        readable = waits and self._pending is not None and self._pending() > 0
        while True:
            if waits and not readable:
                self._waiter.clear()
                self._readable.start(self._waiter.switch, True)
                try:
                    # False if the time is over first.
                    readable = self._waiter.get()
                finally:
                    self._readable.stop()
            try:
                return self._receive(_READ_BYTES)
            except (BlockingIOError, ssl.SSLWantReadError):
                if not readable:
                    raise httpx2.ReadTimeout("The read operation timed out") from None
            except OSError as error:
                raise httpx2.ReadError(str(error)) from error
            # As in receive_more: a part of a TLS record is bytes as well.
            readable, waits = False, time.monotonic() < self._deadline

    def rest(self, on_end: Callable[[Connection], None]) -> None:
        """Idle until `wake`. Calls `on_end` after KEEPALIVE_SECONDS, or if the server closes or speaks."""
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


def connect(origin: Origin, timeout: float | None, ssl_context: Callable[[], ssl.SSLContext]) -> Connection:
    """Raises httpx2.ConnectError, httpx2.ConnectTimeout."""
    scheme, host, port = origin
    try:
        sock = _connected(host, port, math.inf if timeout is None else timeout)
        if scheme == "https":
            sock = _secured(sock, ssl_context(), host)
    except TimeoutError as error:
        raise httpx2.ConnectTimeout(str(error)) from error
    except OSError as error:
        raise httpx2.ConnectError(str(error)) from error
    return Connection(origin, sock)


def _connected(host: str, port: int, timeout: float) -> socket.socket:
    """Connect within `timeout` seconds for all addresses together: a dead one leaves others their share."""
    until = time.monotonic() + timeout
    failure: OSError = OSError(f"{host} has no address")
    addresses = _addresses(host, port, timeout)
    for tried, (family, kind, protocol, _, address) in enumerate(addresses):
        share = (until - time.monotonic()) / (len(addresses) - tried)
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(None if share == math.inf else max(share, LEAST_SHARE_SECONDS))
            sock.connect(address)
            sock.settimeout(None if timeout == math.inf else timeout)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException as error:
            sock.close()
            if not isinstance(error, OSError):
                raise
            failure = error
        else:
            return sock
    raise failure


def _addresses(host: str, port: int, timeout: float) -> list[Any]:
    try:
        # An address that is no name needs no name server, and so none of gevent's threads.
        return _resolve(host, port, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
    except socket.gaierror:
        limit = None if timeout == math.inf else timeout
        with gevent.Timeout(limit, TimeoutError("The name's address was not found in time")):
            return socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)


def _secured(sock: socket.socket, context: ssl.SSLContext, host: str) -> ssl.SSLSocket:
    secured = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    try:
        secured.do_handshake()
    except BaseException:
        secured.close()
        raise
    return secured
