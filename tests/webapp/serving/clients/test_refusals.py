"""What is answered where a request does not reach the app."""

from __future__ import annotations

import json
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


def test_each_who_is_refused_has_an_id_of_its_own() -> None:
    given = set()
    for _ in range(2):
        ours, clients = socket.socketpair()
        with clients, ours:
            refuse_at_once(ours)
            head, _, body = clients.recv(10_000).decode().partition("\r\n\r\n")
        request_id = head.rpartition("X-Request-ID: ")[2]
        assert json.loads(body)["error"]["request_id"] == request_id
        given.add(request_id)
    assert len(given) == 2


def test_who_has_left_is_not_waited_for() -> None:
    ours, clients = socket.socketpair()
    clients.close()
    with ours, pytest.raises(BrokenPipeError):
        refuse_at_once(ours)
