"""How the worker drains: idle connections end, answers get what the grace allows, then their last word."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import gevent
import gevent.socket
import pytest
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser
from gunicorn.workers.ggevent import GeventWorker

from tests.conftest import MS
from tests.webapp.serving.test_last_words import Answers
from webapp.serving.clients.connection import ClientConnection, ConnectionLimits
from webapp.serving.worker import ChatWorker, end_with_last_words


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


UNREAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "draining", "lingers"), [(b"", False, True), (b"Hello!", False, False), (b"", True, False)]
)
def test_a_refusal_whose_request_is_still_coming_reads_on(
    body: bytes, draining: bool, lingers: bool, ends: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that is closed with bytes unread ends in a reset, which takes the refusal back."""
    worker, (connection, _) = worker_with(Answers(0), grace=60), ends
    worker._draining = draining
    lingered: list[ClientConnection] = []
    monkeypatch.setattr(ClientConnection, "linger", lambda each: lingered.append(each))

    def answered(*_: Any) -> None:
        raise StopIteration

    monkeypatch.setattr(GeventWorker, "handle_request", answered)
    req = next(RequestParser(Config(), iter([UNREAD + body]), ("127.0.0.1", 1)))
    with gevent.Timeout(5), pytest.raises(StopIteration):
        worker.handle_request("listener", req, connection, None)
    assert bool(lingered) is lingers
