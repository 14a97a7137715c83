"""How connections are accepted: let in by turns, more at once the more come."""

from __future__ import annotations

import socket
from types import SimpleNamespace

import gevent
import gevent.socket
import pytest
from gevent.pool import Pool

from tests.conftest import MS
from webapp.serving.clients import server as module
from webapp.serving.clients import turns
from webapp.serving.clients.server import LEAST_ACCEPTED, ClientServer


def served(from_the_loop: bool) -> list[str]:
    """What happens when somebody comes, in its order."""
    seen: list[str] = []
    listener, client = gevent.socket.socketpair()
    with listener:
        server = ClientServer(listener, lambda *_: seen.append("begun"), spawn=Pool(10))

        def come() -> None:
            server.do_handle(client.detach(), "here")
            seen.append("let in")

        if from_the_loop:
            gevent.get_hub().loop.run_callback(come)
        else:
            come()
        gevent.sleep(5 * MS)
    return seen


def test_who_is_let_in_begins_in_that_turn() -> None:
    assert served(from_the_loop=True) == ["begun", "let in"]


def test_where_it_is_not_the_loop_that_lets_in_it_goes_on() -> None:
    assert served(from_the_loop=False) == ["let in", "begun"]


def test_the_more_come_the_more_are_accepted_at_once() -> None:
    accepted: list[int] = []

    class Server(ClientServer):
        def _do_read(self) -> None:
            accepted.append(self.max_accept)
            super()._do_read()

    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        clients = [gevent.socket.create_connection(listening.getsockname()) for _ in range(30)]
        listener = gevent.socket.socket(fileno=listening.detach())
        with Server(listener, lambda _sock, _address: None) as server:
            server.start()
            with gevent.Timeout(5):
                for client in clients:
                    with client:
                        assert client.recv(1) == b""
    assert accepted[:4] == [4, 8, 16, 32]
    assert accepted[4:] == [LEAST_ACCEPTED] * len(accepted[4:])


def test_a_flood_is_logged_once(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "MOST_IN_LINE", 0)
    clock = SimpleNamespace(monotonic=iter((100.0, 101.0, 110.9, 121.0)).__next__)
    monkeypatch.setattr(module, "time", clock)
    ours, clients = socket.socketpair()
    answers = []
    with clients, gevent.socket.socket(fileno=ours.detach()) as listener:
        server = ClientServer(listener, lambda *_: None, spawn=Pool(10))
        server.max_accept = 2 * LEAST_ACCEPTED
        for _ in range(4):
            come, client = socket.socketpair()
            with client:
                server.do_handle(come.detach(), "here")
                answers.append(client.recv(20))
        gevent.sleep(0)
    assert answers == [b"HTTP/1.1 503 Service"] * 4
    logged = [(line.levelname, line.__dict__["error_code"]) for line in caplog.records]
    assert logged == [("WARNING", "over_capacity")] * 2
