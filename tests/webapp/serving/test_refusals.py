"""What is answered where a request does not reach the app."""

from __future__ import annotations

import socket

import pytest

from webapp.serving.refusals import refuse_at_once


def refused(client_says: bytes, *, unheard: bool = False) -> bytes:
    ours, clients = socket.socketpair()
    with clients:
        clients.sendall(client_says)
        refuse_at_once(ours.detach(), unheard=unheard)
        return clients.recv(10_000)


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\n\r\n", b""])
def test_who_is_refused_at_once_gets_to_know_it(said: bytes) -> None:
    received = refused(said)
    assert received.startswith(b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n")
    assert b'"code":"over_capacity"' in received


def test_where_there_is_tls_nothing_is_said() -> None:
    assert refused(b"", unheard=True) == b""


def test_who_has_left_is_not_waited_for() -> None:
    ours, clients = socket.socketpair()
    clients.close()
    refuse_at_once(ours.detach())
