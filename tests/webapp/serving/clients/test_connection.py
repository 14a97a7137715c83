"""What a client's connection allows: bytes in time and in turn, and no more of them than make sense."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gevent
import gevent.socket
import gevent.ssl as ssl
import pytest
from gunicorn.http.errors import LimitRequestHeaders

from tests.conftest import MS
from webapp.serving.clients import connection as connection_module
from webapp.serving.clients import turns as turns_module
from webapp.serving.clients.connection import (
    LOOKS_PER_TIMEOUT,
    MOST_HEAD_BYTES,
    BodyTooLongError,
    ClientConnection,
    ConnectionLimits,
)
from webapp.serving.clients.gone import ClientStuck

LIMITS = ConnectionLimits(
    idle_seconds=60, head_seconds=60, body_seconds=60, body_bytes=100_000, send_seconds=60
)
SHORT = 40 * MS
CERTIFICATE = Path(__file__).parents[2] / "tls" / "localhost.pem"

Connect = Callable[..., tuple[ClientConnection, Any]]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Make a connection with other limits than LIMITS, and the client's end of it."""
    made: list[Any] = []

    def connect(**limits: float) -> tuple[ClientConnection, Any]:
        ours, clients = gevent.socket.socketpair()
        connection = ClientConnection(ours, replace(LIMITS, **limits))
        made.extend([connection, clients])
        return connection, clients

    yield connect
    for end in made:
        end.close()


def received(connection: ClientConnection, at_once: int = 1000) -> int:
    """Read to the end."""
    size = 0
    while data := connection.recv(at_once):
        size += len(data)
    return size


def trickled(sock: Any) -> gevent.Greenlet[..., None]:
    def trickle() -> None:
        while True:
            sock.send(b"x")
            gevent.sleep(2 * MS)

    return gevent.spawn(trickle)


@pytest.mark.parametrize("trickles", [False, True])
def test_a_head_that_takes_too_long_is_the_connections_end(connect: Connect, trickles: bool) -> None:
    begun_at = time.monotonic()
    connection, client = connect(head_seconds=SHORT)
    trickle = trickled(client) if trickles else None
    received(connection, 10)
    assert SHORT <= time.monotonic() - begun_at < 2
    if trickle:
        trickle.kill()


@pytest.mark.parametrize("trickles", [False, True])
def test_a_body_that_takes_too_long_is_not_read_on(connect: Connect, trickles: bool) -> None:
    connection, client = connect(body_seconds=SHORT)
    trickle = trickled(client) if trickles else None
    begun_at = time.monotonic()
    connection.expect_body()
    with pytest.raises(TimeoutError):
        received(connection, 10)
    assert SHORT <= time.monotonic() - begun_at < 2
    if trickle:
        trickle.kill()


def test_bytes_that_are_always_there_win_no_time(connect: Connect) -> None:
    connection, client = connect(body_seconds=SHORT, body_bytes=10**9)
    connection.expect_body()
    flood = gevent.spawn(lambda: [client.send(b"x" * 1000) for _ in iter(int, 1)])
    begun_at = time.monotonic()
    with pytest.raises(TimeoutError):
        received(connection, 10)
    assert time.monotonic() - begun_at < 2
    flood.kill()


def test_between_two_requests_a_connection_may_wait_longer(connect: Connect) -> None:
    connection, client = connect(head_seconds=SHORT, idle_seconds=60)
    connection.expect_request()
    gevent.spawn_later(2 * SHORT, client.send, b"G")
    assert connection.recv(10) == b"G"
    begun_at = time.monotonic()
    assert connection.recv(10) == b""
    assert time.monotonic() - begun_at < 2


def test_others_have_their_turn_though_bytes_are_always_there(connect: Connect) -> None:
    connection, client = connect()
    client.send(b"x" * 100)
    turns: list[int] = []
    gevent.spawn(lambda: [(turns.append(turn), gevent.sleep(0)) for turn in range(50)])
    connection.expect_body()
    for _ in range(20):
        assert connection.recv(1) == b"x"
    assert len(turns) >= 19


def test_a_request_begins_in_the_turn_of_its_last_read_and_each_other_in_its_own(connect: Connect) -> None:
    connection, client = connect()
    had: list[int] = []
    client.send(b"GG")
    assert connection.recv(2) == b"GG"
    for _ in range(3):
        connection.take_turn()
        had.append(connection._turns)
    assert had == [1, 2, 3]


def test_a_turn_that_was_not_used_is_lost_by_a_wait(connect: Connect) -> None:
    connection, client = connect()
    client.send(b"G")
    assert connection.recv(1) == b"G"
    gevent.spawn_later(SHORT, client.send, b"G")
    assert connection.recv(1) == b"G"
    assert connection._turns == 0
    connection.take_turn()
    assert connection._turns == 1


def test_a_head_has_a_most_and_a_body_has(connect: Connect) -> None:
    connection, client = connect(body_bytes=1000)
    gevent.spawn(client.sendall, b"x" * (MOST_HEAD_BYTES + 2000))
    with pytest.raises(LimitRequestHeaders):
        received(connection, 8192)
    connection.expect_body()
    gevent.spawn(client.sendall, b"x" * 2000)
    with pytest.raises(BodyTooLongError):
        received(connection, 500)


def test_each_request_has_a_head_of_its_own(connect: Connect) -> None:
    connection, client = connect()
    for _ in range(3):
        client.sendall(b"x" * 20_000)
        size = 0
        while size < 20_000:
            size += len(connection.recv(8192))
        connection.expect_request()


def test_a_client_that_takes_nothing_is_cut_after_the_timeout(connect: Connect) -> None:
    connection, client = connect(send_seconds=SHORT)
    begun_at = time.monotonic()
    with pytest.raises(ClientStuck):
        connection.sendall(b"x" * 10_000_000)
    assert SHORT <= time.monotonic() - begun_at < 2
    while client.recv(65536):
        pass


def test_a_client_that_takes_part_of_one_long_write_is_not_cut(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = iter(range(3 * LOOKS_PER_TIMEOUT))
    monkeypatch.setattr(connection_module.send_queue, "taken_bytes", lambda _sock: next(looks))
    connection, _ = connect(send_seconds=SHORT)
    begun_at = time.monotonic()
    with pytest.raises(StopIteration):
        connection.sendall(b"x" * 10_000_000)
    assert time.monotonic() - begun_at >= 3 * SHORT


def test_all_is_sent_to_a_client_that_reads_late(connect: Connect) -> None:
    connection, client = connect(send_seconds=2)
    data = bytes(range(256)) * 8192
    writer = gevent.spawn(connection.sendall, data)
    taken = bytearray()
    while len(taken) < len(data):
        taken += client.recv(65536)
    writer.join(2)
    assert taken == data


@pytest.mark.parametrize("goes_on", ["until its end", "for ever", "in silence"])
def test_the_rest_of_a_refused_request_is_read_within_limits(
    goes_on: str, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    if goes_on == "in silence":
        monkeypatch.setattr(connection_module, "LINGER_SILENT_SECONDS", SHORT)
    connection, client = connect()
    sent = [0]

    def go_on() -> None:
        size = 1_000_000 if goes_on == "until its end" else 10**9 if goes_on == "for ever" else 1000
        while sent[0] < size:
            sent[0] += client.send(b"x" * 65536)
        if goes_on == "until its end":
            client.shutdown(1)

    sender = gevent.spawn(go_on)
    with gevent.Timeout(5):
        connection.linger()
    assert client.recv(1) == b""
    assert sent[0] >= (1000 if goes_on == "in silence" else 1_000_000)
    assert sent[0] <= connection_module.LINGER_BYTES + 10_000_000
    sender.kill()


def test_who_receives_can_be_told_that_it_is_over(connect: Connect) -> None:
    connection, _ = connect()
    reader = gevent.spawn(connection.recv, 10)
    gevent.sleep(1 * MS)
    assert connection.receiving
    connection.end_input()
    reader.join(1)
    assert reader.value == b""
    assert not connection.receiving


@pytest.mark.parametrize("trickles", [False, True])
def test_a_handshake_has_the_time_of_a_head(trickles: bool) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    ours, clients = gevent.socket.socketpair()
    with clients, context.wrap_socket(ours, server_side=True, do_handshake_on_connect=False) as secured:
        connection = ClientConnection(secured, replace(LIMITS, head_seconds=SHORT))
        # The beginning of a record that is longer than what will come of it.
        clients.send(b"\x16\x03\x01\x40\x00\x01\x00\x3f\xfc")
        trickle = trickled(clients) if trickles else None
        begun_at = time.monotonic()
        assert not connection.shake_hands()
        assert SHORT <= time.monotonic() - begun_at < 2
        if trickle:
            trickle.kill()


@pytest.mark.parametrize("said", [b"x", b""])
def test_many_who_speak_or_leave_at_one_moment_have_their_turns(
    connect: Connect, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns_module, "TURN_SECONDS", 0)
    looks, seen = [0], list[int]()
    look = gevent.get_hub().loop.check()
    look.start(lambda: looks.__setitem__(0, looks[0] + 1))

    def wait(connection: ClientConnection) -> None:
        connection.recv(10)
        seen.append(looks[0])

    ends = [connect() for _ in range(10)]
    waiting = [gevent.spawn(wait, connection) for connection, _ in ends]
    gevent.sleep(5 * MS)
    for _, client in ends:
        # Not gevent's own, which might look at its loop in between.
        client._sock.send(said) if said else client._sock.shutdown(socket.SHUT_WR)
    gevent.joinall(waiting, timeout=5)
    look.stop()
    look.close()
    assert len(seen) == len(set(seen)) == 10
