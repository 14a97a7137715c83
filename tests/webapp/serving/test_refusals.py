"""What is answered where a request does not reach the app."""

from __future__ import annotations

import gevent.socket

from webapp.serving.refusals import refuse_at_once


def test_who_is_refused_at_once_gets_to_know_it() -> None:
    ours, clients = gevent.socket.socketpair()
    with ours, clients:
        clients.sendall(b"GET / HTTP/1.1\r\n\r\n")
        refuse_at_once(ours)
        ours.close()
        received = clients.recv(10_000)
    assert received.startswith(b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n")
    assert b'"code":"over_capacity"' in received


def test_who_has_left_is_not_waited_for() -> None:
    ours, clients = gevent.socket.socketpair()
    clients.close()
    with ours:
        refuse_at_once(ours)
