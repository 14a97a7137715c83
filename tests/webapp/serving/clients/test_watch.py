"""The watch over a client's socket, on real TCP connections in gevent's loop."""

from __future__ import annotations

import errno
import select
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gevent
import gevent.socket
import gevent.ssl
import pytest

from tests.conftest import MS
from webapp.serving.clients.watch import CHUNKED_PROBE, NO_PROBE, ClientWatch, watchable_socket

CERTIFICATE = Path(__file__).parents[2] / "tls" / "localhost.pem"
Watch = Callable[..., ClientWatch]


class Connection:
    """A client, the server's end of its connection, and how often the client was seen to leave."""

    def __init__(self) -> None:
        with gevent.socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            self.client = socket.create_connection(listener.getsockname())
            self.server, _ = listener.accept()
        self.client.settimeout(2)
        self.left = 0
        self.waited = 0.0
        """For how long in all the watch has asked the loop to wait until its next look, in seconds."""
        self.watch: ClientWatch | None = None

    def begin(self, probe: Callable[[], bytes | None] = lambda: CHUNKED_PROBE) -> None:
        self.watch = ClientWatch(self.server, self._leave, probe)
        later = self.watch._later

        def waiting(seconds: float, *call: Any) -> None:
            self.waited += seconds
            later(seconds, *call)

        self.watch._later = waiting  # type: ignore[method-assign]  # to count what the scheduler does not stretch

    def _leave(self) -> None:
        self.left += 1

    def has_left_after(self, seconds: float) -> bool:
        with gevent.Timeout(seconds, False):
            while not self.left:
                gevent.sleep(1 * MS)
        return self.left > 0

    def leaves_within(self, seconds: float) -> bool:
        """Whether the watch sees it without waiting longer by its own plan, however late the loop is."""
        most = self.waited + seconds
        with gevent.Timeout(60, False):
            while not self.left and self.waited <= most:
                gevent.sleep(1 * MS)
        return self.left > 0 and self.waited <= most

    def close(self) -> None:
        if self.watch:
            self.watch.stop()
        self.client.close()
        self.server.close()


@pytest.fixture
def connection() -> Iterator[Connection]:
    opened = Connection()
    yield opened
    opened.close()


def test_a_silent_client_is_there(connection: Connection) -> None:
    connection.begin()
    assert not connection.has_left_after(50 * MS)


def test_a_client_that_closes_has_left_once(connection: Connection) -> None:
    connection.begin()
    connection.client.close()
    assert connection.leaves_within(500 * MS)
    gevent.sleep(30 * MS)
    assert connection.left == 1


def test_a_client_that_resets_has_left(connection: Connection) -> None:
    connection.begin()
    connection.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.client.close()
    assert connection.leaves_within(500 * MS)


def test_a_client_that_asks_again_early_is_there_and_its_request_stays(connection: Connection) -> None:
    connection.begin()
    connection.client.sendall(b"GET / HTTP/1.1\r\n\r\n")
    assert not connection.has_left_after(50 * MS)
    assert connection.server.recv(100) == b"GET / HTTP/1.1\r\n\r\n"


def test_a_client_that_asks_again_early_and_then_closes_has_left(connection: Connection) -> None:
    connection.begin()
    connection.client.sendall(b"GET / HTTP/1.1\r\n\r\n")
    assert not connection.has_left_after(50 * MS)
    connection.client.close()
    assert connection.leaves_within(500 * MS)


def test_a_client_that_asks_again_early_and_then_resets_has_left(connection: Connection) -> None:
    connection.begin()
    connection.client.sendall(b"GET / HTTP/1.1\r\n\r\n")
    assert not connection.has_left_after(50 * MS)
    connection.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.client.close()
    assert connection.leaves_within(500 * MS)


def test_a_client_that_asks_again_early_and_then_stops_sending_is_there(connection: Connection) -> None:
    connection.begin()
    connection.client.sendall(b"GET / HTTP/1.1\r\n\r\n")
    connection.client.shutdown(socket.SHUT_WR)
    assert not connection.has_left_after(100 * MS)
    assert connection.client.recv(100) == CHUNKED_PROBE


def test_a_client_that_only_stops_sending_is_there_and_reads_a_harmless_zero(connection: Connection) -> None:
    connection.begin()
    connection.client.shutdown(socket.SHUT_WR)
    assert not connection.has_left_after(100 * MS)
    connection.server.sendall(b"5\r\nHello\r\n")
    assert connection.client.recv(100) in (b"0", b"05\r\nHello\r\n")


def test_where_nothing_harmless_can_be_sent_the_end_of_input_is_the_end(connection: Connection) -> None:
    connection.begin(lambda: NO_PROBE)
    connection.client.shutdown(socket.SHUT_WR)
    assert connection.leaves_within(500 * MS)
    connection.client.setblocking(False)
    with pytest.raises(BlockingIOError):
        connection.client.recv(1)


def test_what_cannot_be_asked_at_once_is_asked_later(connection: Connection) -> None:
    probes = iter([None, None])
    connection.begin(lambda: next(probes, CHUNKED_PROBE))
    connection.client.close()
    assert connection.leaves_within(1000 * MS)
    assert next(probes, "asked") == "asked"


def test_a_stopped_watch_says_nothing(connection: Connection) -> None:
    connection.begin()
    assert connection.watch
    connection.watch.stop()
    connection.watch.stop()
    connection.client.close()
    assert not connection.has_left_after(50 * MS)


def test_a_watch_that_is_stopped_between_probe_and_answer_says_nothing(connection: Connection) -> None:
    connection.begin()
    connection.client.shutdown(socket.SHUT_WR)
    gevent.sleep(2 * MS)
    assert connection.watch
    connection.watch.stop()
    connection.client.close()
    assert not connection.has_left_after(50 * MS)


@pytest.fixture
def secured(connection: Connection) -> Connection:
    """The same connection over TLS."""
    server = gevent.ssl.SSLContext(gevent.ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(CERTIFICATE)
    client = gevent.ssl.SSLContext(gevent.ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(CERTIFICATE)
    plain = gevent.socket.socket(fileno=connection.client.detach())
    accepting = gevent.spawn(server.wrap_socket, connection.server, server_side=True)
    connection.client = client.wrap_socket(plain, server_hostname="localhost")
    connection.server = accepting.get(timeout=2)
    connection.server.setblocking(False)
    connection.client.settimeout(2)
    return connection


def stop_sending(client: Any) -> None:
    """End the input as the kernel does, without forgetting the keys."""
    client._sock.shutdown(socket.SHUT_WR)


def test_over_tls_a_probe_is_a_record(secured: Connection) -> None:
    secured.begin()
    stop_sending(secured.client)
    assert not secured.has_left_after(100 * MS)
    secured.server.sendall(b"5\r\nHello\r\n")
    assert secured.client.recv(100) + secured.client.recv(100) == b"05\r\nHello\r\n"


def test_over_tls_a_probe_waits_for_room(secured: Connection) -> None:
    """A record that the kernel took in part would spoil the next write."""
    secured.begin()
    assert secured.watch
    written = 0
    while secured.watch._events() & select.POLLOUT:
        written += secured.server._sslobj.write(b"x" * 1000)
    stop_sending(secured.client)
    assert not secured.has_left_after(100 * MS)
    received = b""
    while len(received) <= written:
        received += secured.client.recv(65536)
    assert received == b"x" * written + CHUNKED_PROBE


@pytest.mark.parametrize("goodbye", [True, False])
def test_over_tls_a_client_that_closes_has_left(secured: Connection, goodbye: bool) -> None:
    secured.begin()
    if goodbye:
        secured.client.setblocking(False)
        with pytest.raises(gevent.ssl.SSLWantReadError):
            secured.client.unwrap()
        assert not secured.has_left_after(20 * MS)
    secured.client.close()
    assert secured.leaves_within(500 * MS)


class Distant:
    """A socket whose client's reset takes a while to come back."""

    def __init__(self, sock: socket.socket, looks: int) -> None:
        self._sock = sock
        self._looks = looks

    def getsockopt(self, *_: int) -> int:
        self._looks -= 1
        return 0 if self._looks else errno.EPIPE

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


def test_an_answer_to_the_probe_may_take_a_round_trip(connection: Connection) -> None:
    connection.begin()
    assert connection.watch
    connection.watch._sock = Distant(connection.watch._sock, looks=3)  # type: ignore[assignment]  # a stand-in
    connection.client.shutdown(socket.SHUT_WR)
    assert not connection.has_left_after(5 * MS)
    assert connection.leaves_within(1000 * MS)


def test_only_a_socket_on_gevents_loop_is_watched(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"gunicorn.socket": connection.server}
    assert watchable_socket(environ) is None
    monkeypatch.setattr("gevent.monkey.is_module_patched", lambda _name: True)
    assert watchable_socket(environ) is connection.server
    assert watchable_socket({"gunicorn.socket": connection.client}) is None
    assert watchable_socket({}) is None
