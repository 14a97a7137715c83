"""What waits in the kernel for a client, on real TCP connections."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from webapp.serving.clients import send_queue

SMALL_BUFFER = 4096
ENDLESS = b"x" * 16_384


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The server's end of a connection, and a client that does not read."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        client.settimeout(2)
        client.connect(listener.getsockname())
        server, _ = listener.accept()
        with server:
            server.setblocking(False)
            yield server, client


def filled(sock: socket.socket) -> int:
    """How much a connection takes that nobody reads."""
    taken = 0
    with suppress(BlockingIOError):
        while taken < 16_000_000:
            taken += sock.send(ENDLESS)
    return taken


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="no such limit on this system")
def test_what_waits_is_bounded(ends: tuple[socket.socket, socket.socket]) -> None:
    server, _ = ends
    send_queue.bound(server)
    assert filled(server) <= 4 * send_queue.UNSENT_BYTES


@pytest.mark.skipif(sys.platform != "linux", reason="no other kernel says")
def test_what_a_client_has_taken_is_counted(ends: tuple[socket.socket, socket.socket]) -> None:
    server, client = ends
    send_queue.bound(server)
    filled(server)
    before = send_queue.taken_bytes(server)
    assert send_queue.taken_bytes(server) == before
    got = 0
    while got < send_queue.UNSENT_BYTES // 2:
        got += len(client.recv(SMALL_BUFFER))
    assert send_queue.taken_bytes(server) > before


def test_a_cut_throws_away_what_waits(ends: tuple[socket.socket, socket.socket]) -> None:
    server, client = ends
    waiting = filled(server)
    send_queue.cut(server)
    server.close()
    got = 0
    with suppress(ConnectionResetError):
        while data := client.recv(65536):
            got += len(data)
    assert got < waiting


def test_a_socket_of_another_kind_is_left_alone() -> None:
    one, other = socket.socketpair()
    with one, other:
        send_queue.bound(one)
        assert send_queue.taken_bytes(one) == 0
        send_queue.cut(one)
        assert other.recv(1) == b""


def test_a_closed_socket_is_no_trouble() -> None:
    one, other = socket.socketpair()
    one.close()
    other.close()
    send_queue.bound(one)
    send_queue.cut(one)
    assert send_queue.taken_bytes(one) == 0
