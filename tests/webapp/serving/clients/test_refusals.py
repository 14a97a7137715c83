"""What is answered where a request does not reach the app."""

from __future__ import annotations

import socket

import pytest

from webapp.serving.clients.refusals import refuse_at_once


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\n\r\n", b""])
def test_who_is_refused_at_once_gets_to_know_it(said: bytes) -> None:
    ours, clients = socket.socketpair()
    with clients:
        clients.sendall(said)
        with ours:
            refuse_at_once(ours)
        received = clients.recv(10_000)
    assert received.startswith(b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n")
    assert b'"code":"over_capacity"' in received


def test_who_has_left_is_not_waited_for() -> None:
    ours, clients = socket.socketpair()
    clients.close()
    with ours, pytest.raises(BrokenPipeError):
        refuse_at_once(ours)
