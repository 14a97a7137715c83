"""Writes to a client, whether it keeps up or not."""

from __future__ import annotations

import socket

import gevent
import pytest
from gevent import socket as gevent_socket
from gevent import ssl as gevent_ssl

from webapp.client_socket import ClientSocket


@pytest.fixture
def pair():
    given, peer = gevent_socket.socketpair()
    sock = ClientSocket.in_place_of(given)
    with sock, peer:
        yield sock, peer


def test_it_takes_the_connection_over(pair) -> None:
    sock, peer = pair
    sock.sendall(b"Hello")

    assert peer.recv(100) == b"Hello"
    assert (sock.family, sock.type, sock.timeout) == (socket.AF_UNIX, socket.SOCK_STREAM, None)


@pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview])
def test_all_is_sent_to_a_client_that_reads_late(pair, wrap) -> None:
    sock, peer = pair
    data = bytes(range(256)) * 8192
    received = bytearray()

    def read() -> None:
        while len(received) < 2 * len(data):
            gevent.sleep(0.001)
            received.extend(peer.recv(65536 * 4))

    reader = gevent.spawn(read)
    sock.sendall(wrap(data))
    sock.sendall(wrap(data))
    reader.join(5)

    assert received == data * 2


def test_a_timeout_is_kept(pair) -> None:
    sock, _ = pair
    sock.settimeout(0.01)

    with pytest.raises(TimeoutError):
        sock.sendall(b"x" * 10_000_000)


def test_a_client_that_left_is_noticed(pair) -> None:
    sock, peer = pair
    peer.close()

    with pytest.raises(BrokenPipeError):
        sock.sendall(b"Hello")


def test_a_connection_over_tls_stays_what_it_is() -> None:
    """Else its records would be read as requests: `gunicorn --certfile` is an operator's to use."""
    given, peer = gevent_socket.socketpair()
    context = gevent_ssl.SSLContext(gevent_ssl.PROTOCOL_TLS_SERVER)
    with context.wrap_socket(given, server_side=True, do_handshake_on_connect=False) as secured, peer:
        assert ClientSocket.in_place_of(secured) is secured
