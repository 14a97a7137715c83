"""How the worker drains: idle connections end, answers get what the grace allows, then their last word."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import gevent
import gevent.socket
import pytest
from gevent.pool import Pool
from gunicorn.config import Config
from gunicorn.http.message import HeaderPolicy

from tests.conftest import MS
from webapp.serving.client_connection import ClientConnection, ConnectionLimits
from webapp.serving.worker import (
    LEAST_ACCEPTED,
    ChatWorker,
    ClientServer,
    end_with_last_words,
    look_up_once,
    remember_trusted_peers,
)


class Answers:
    """Stands for OpenAnswers, with as many open answers as a test says."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.draining = False
        self.interrupted_at: float | None = None
        self.reason = ""

    def __len__(self) -> int:
        return self.number

    def drain(self) -> None:
        self.draining = True

    def interrupt(self, reason: str) -> None:
        self.reason, self.interrupted_at = reason, time.monotonic()


def worker_with(answers: Answers, grace: float, *, booted: bool = True) -> ChatWorker:
    """A worker as far as its draining goes, without gunicorn around it."""
    worker = ChatWorker.__new__(ChatWorker)
    worker.booted = booted
    worker._connections, worker._busy, worker._draining = {}, set(), False
    worker.cfg = SimpleNamespace(graceful_timeout=grace)
    worker.wsgi = SimpleNamespace(extensions={"chat": SimpleNamespace(answers=answers)})
    return worker


@pytest.fixture
def ends() -> Iterator[tuple[ClientConnection, ClientConnection]]:
    limits = ConnectionLimits(60, 60, 60, 1_000, 60)
    one, other = (ClientConnection(end, limits) for end in gevent.socket.socketpair())
    yield one, other
    one.close()
    other.close()


def drained(worker: ChatWorker, answers: Answers, seconds: float = 2.0) -> None:
    worker._begin_to_drain()
    with gevent.Timeout(seconds, False):
        while answers.interrupted_at is None:
            gevent.sleep(1 * MS)


def test_open_answers_get_their_time_and_then_a_last_word() -> None:
    answers = Answers(3)
    worker, begun_at = worker_with(answers, grace=200 * MS), time.monotonic()
    drained(worker, answers)
    assert answers.draining
    assert answers.reason == "shutdown"
    assert answers.interrupted_at
    assert answers.interrupted_at - begun_at >= 100 * MS


def test_with_no_answer_open_nobody_waits() -> None:
    answers = Answers(0)
    begun_at = time.monotonic()
    drained(worker_with(answers, grace=60), answers)
    assert answers.interrupted_at
    assert answers.interrupted_at - begun_at < 1


def test_the_last_answer_to_end_ends_the_wait() -> None:
    answers = Answers(1)
    gevent.spawn_later(20 * MS, setattr, answers, "number", 0)
    drained(worker_with(answers, grace=60), answers)
    assert answers.interrupted_at


def test_it_drains_once_however_often_it_is_told() -> None:
    answers = Answers(0)
    worker = worker_with(answers, grace=60)
    drained(worker, answers)
    first = answers.interrupted_at
    worker._begin_to_drain()
    gevent.sleep(5 * MS)
    assert answers.interrupted_at == first


def test_idle_connections_end_also_those_that_come_while_gunicorn_still_accepts(
    ends: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.serving.worker.ACCEPTING_SECONDS", 20 * MS)
    answers = Answers(0)
    worker = worker_with(answers, grace=60)
    drained(worker, answers)
    late, _ = ends
    worker._connections[late] = None
    with gevent.Timeout(2):
        assert late.recv(1) == b""


def test_a_worker_without_an_app_has_nothing_to_drain() -> None:
    answers = Answers(0)
    drained(worker_with(answers, grace=60, booted=False), answers, seconds=20 * MS)
    assert not answers.draining
    assert answers.interrupted_at is None


def test_another_worker_drains_when_it_is_told_to_stop() -> None:
    answers = Answers(1)
    worker: Any = SimpleNamespace(
        alive=True,
        cfg=SimpleNamespace(graceful_timeout=200 * MS),
        wsgi=SimpleNamespace(extensions={"chat": SimpleNamespace(answers=answers)}),
    )
    end_with_last_words(worker)
    time.sleep(100 * MS)
    assert not answers.draining
    worker.alive, told_at = False, time.monotonic()
    until = told_at + 2
    while answers.interrupted_at is None and time.monotonic() < until:
        time.sleep(1 * MS)
    assert answers.draining
    assert answers.reason == "shutdown"
    assert answers.interrupted_at
    assert answers.interrupted_at - told_at >= 100 * MS


def test_a_chat_worker_needs_nobody_beside_it() -> None:
    threads = threading.active_count()
    end_with_last_words(worker_with(Answers(0), grace=60))
    assert threading.active_count() == threads


def test_an_idle_connection_looks_ended_and_a_busy_one_does_not(ends: tuple[Any, Any]) -> None:
    idle, busy = ends
    answers = Answers(0)
    worker = worker_with(answers, grace=60)
    worker._connections, worker._busy = dict.fromkeys([idle, busy]), {busy}
    reader = gevent.spawn(idle.recv, 1)
    gevent.sleep(0)
    drained(worker, answers)
    reader.join(1)
    assert reader.value == b""
    idle.sendall(b"x")
    assert busy.recv(1) == b"x"


def test_one_after_the_other_makes_room(ends: tuple[ClientConnection, ClientConnection]) -> None:
    worker = worker_with(Answers(0), 1)
    worker._connections = dict.fromkeys(ends)
    for ended in ([True, False], [True, True], [True, True]):
        worker._end_longest_wait()
        assert [end.input_ended for end in ends] == ended


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HeaderPolicy, "_peer_is_trusted_proxy", HeaderPolicy._peer_is_trusted_proxy)
    remember_trusted_peers()


def trusted(config: Config, peer: object) -> bool:
    request = HeaderPolicy()
    vars(request).update(SimpleNamespace(cfg=config, peer_addr=peer).__dict__)
    return bool(request._peer_is_trusted_proxy())


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize(
    ("peer", "is_trusted"),
    [
        (("127.0.0.1", 4711), True),
        (("10.1.2.3", 4711), True),
        (("10.2.2.3", 4711), False),
        (("::1", 4711, 0, 0), False),
        (("no address", 1), False),
        ("/run/socket", True),
        (b"", True),
    ],
)
def test_who_is_allowed_is_believed_each_time(peer: object, is_trusted: bool) -> None:
    config = Config()
    config.set("forwarded_allow_ips", "127.0.0.1,10.1.0.0/16")
    assert [trusted(config, peer) for _ in range(3)] == [is_trusted] * 3


@pytest.mark.usefixtures("remembered")
def test_another_configuration_has_a_memory_of_its_own() -> None:
    nobody, everybody = Config(), Config()
    nobody.set("forwarded_allow_ips", "")
    everybody.set("forwarded_allow_ips", "*")
    peer = ("192.0.2.1", 4711)
    assert [trusted(nobody, peer), trusted(everybody, peer), trusted(nobody, peer)] == [False, True, False]


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


def test_settings_that_are_looked_up_once_are_what_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config()
    config.set("keepalive", 7)
    config.set("sendfile", "false")
    before = {name: getattr(config, name) for name in config.settings}
    look_up_once(config)
    monkeypatch.delattr(Config, "__getattr__")
    assert {name: getattr(config, name) for name in config.settings} == before
