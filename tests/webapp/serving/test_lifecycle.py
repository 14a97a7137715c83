"""Who ends an answer early, in gevent's loop and without it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import gevent
import gevent.event
import gevent.socket
import pytest
from flask.testing import FlaskClient

from tests.conftest import MS
from webapp.chat.errors import Interrupted, NotReadyError
from webapp.serving.clients.gone import ClientGone
from webapp.serving.clients.watch import CHUNKED_PROBE, INTERIM_PROBE, NO_PROBE
from webapp.serving.lifecycle import OpenAnswer, OpenAnswers

HOUR = 3600.0
"""What is broken off within it was not waited for."""


class Written:
    """An answer that its own greenlet writes, and how that ended."""

    def __init__(self, sock: Any = "a socket", sending: bool = False) -> None:
        self.ended_by: BaseException | None = None
        self._sock, self._sending = sock, sending
        self._greenlet = gevent.spawn(self._write)
        gevent.sleep(0)

    def _write(self) -> None:
        self.answer = OpenAnswer(self._sock)
        self.answer.sending = self._sending
        try:
            gevent.event.Event().wait()
        except (Interrupted, ClientGone) as error:
            self.ended_by = error

    def call(self, call: Callable[..., None], *args: Any) -> None:
        """Call from the loop, as everything calls that ends answers."""
        gevent.get_hub().loop.run_callback(call, *args)
        gevent.sleep(1 * MS)

    def stop(self) -> None:
        self._greenlet.kill()


@pytest.fixture
def write() -> Iterator[Callable[..., Written]]:
    begun: list[Written] = []

    def write(**how: Any) -> Written:
        begun.append(Written(**how))
        return begun[-1]

    yield write
    for written in begun:
        written.stop()


@pytest.fixture
def in_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if gevent had patched this process."""
    monkeypatch.setattr("gevent.monkey.is_module_patched", lambda _name: True)


def test_an_answer_that_waits_for_the_model_is_interrupted_at_once(write: Callable[..., Written]) -> None:
    written = write()
    written.call(written.answer.interrupt, "shutdown")
    assert isinstance(written.ended_by, Interrupted)
    assert written.ended_by.reason == "shutdown"


def test_an_answer_in_a_write_is_not_broken_but_told(write: Callable[..., Written]) -> None:
    written = write(sending=True)
    written.call(written.answer.interrupt, "shutdown")
    assert written.ended_by is None
    assert written.answer.interruption == "shutdown"


def test_the_first_reason_stands(write: Callable[..., Written]) -> None:
    written = write(sending=True)
    written.call(written.answer.interrupt, "deadline")
    written.call(written.answer.interrupt, "shutdown")
    assert written.answer.interruption == "deadline"


@pytest.mark.parametrize("sending", [False, True])
def test_a_client_that_left_ends_its_answer_whatever_it_does(
    write: Callable[..., Written], sending: bool
) -> None:
    written = write(sending=sending)
    written.call(written.answer.leave)
    assert isinstance(written.ended_by, ClientGone)


def test_the_upstreams_of_all_who_left_are_closed_before_any_answer_is_cleaned_up(
    write: Callable[..., Written],
) -> None:
    leaving = [write() for _ in range(3)]
    ended_then = []
    for written in leaving:
        written.answer.close_upstream = lambda: ended_then.append([left.ended_by for left in leaving])

    def leave() -> None:
        for written in leaving:
            written.answer.leave()

    leaving[0].call(leave)
    assert ended_then == [[None] * 3] * 3
    assert all(isinstance(written.ended_by, ClientGone) for written in leaving)


@pytest.mark.parametrize("told", ["leave", "interrupt"])
def test_an_answer_that_has_ended_is_left_alone(
    told: str, write: Callable[..., Written], pair: tuple[Any, Any]
) -> None:
    """Its greenlet waits for the connection's next request."""
    written = write(sock=pair[0])
    written.answer.end()
    written.call(getattr(written.answer, told), *(["shutdown"] if told == "interrupt" else []))
    assert written.ended_by is None


def test_nothing_but_gunicorn_catches_a_client_that_left() -> None:
    assert not issubclass(ClientGone, Exception)
    assert issubclass(ClientGone, gevent.GreenletExit)


@pytest.fixture
def pair() -> Iterator[tuple[Any, Any]]:
    ends = gevent.socket.socketpair()
    yield ends
    for end in ends:
        end.close()


@pytest.mark.parametrize(
    ("has_chunks", "begun", "sending", "probe"),
    [
        (True, False, False, INTERIM_PROBE),
        (True, True, False, CHUNKED_PROBE),
        (True, True, True, None),
        (True, False, True, None),
        (False, False, False, NO_PROBE),
        (False, True, False, NO_PROBE),
        (False, True, True, None),
    ],
)
def test_what_a_client_can_be_sent_without_its_noticing(
    has_chunks: bool, begun: bool, sending: bool, probe: bytes | None
) -> None:
    answer = OpenAnswer(None, has_chunks=has_chunks)
    answer.begun, answer.sending = begun, sending
    assert answer.probe() == probe


def test_answers_are_counted_while_they_are_open() -> None:
    answers = OpenAnswers()
    with answers.open({}), answers.open({}):
        assert len(answers) == 2
    assert len(answers) == 0


def test_an_answer_that_fails_is_not_counted_on() -> None:
    answers = OpenAnswers()
    with pytest.raises(ZeroDivisionError), answers.open({}):
        raise ZeroDivisionError
    assert len(answers) == 0


def test_without_gevent_answers_are_told_and_not_broken() -> None:
    answers = OpenAnswers()
    with answers.open({}) as one, answers.open({}) as other:
        answers.interrupt("shutdown")
        assert (one.interruption, other.interruption) == ("shutdown", "shutdown")


@pytest.mark.usefixtures("in_loop")
def test_all_open_answers_are_interrupted_from_the_loop(pair: tuple[Any, Any]) -> None:
    answers = OpenAnswers()
    reasons: list[str] = []

    def write() -> None:
        with answers.open({}) as answer:
            answer._greenlet = gevent.getcurrent()
            try:
                gevent.sleep(HOUR)
            except Interrupted as interrupted:
                reasons.append(interrupted.reason)

    writers = [gevent.spawn(write) for _ in range(3)]
    gevent.sleep(0)
    answers.interrupt("shutdown")
    gevent.joinall(writers, timeout=60)
    assert reasons == ["shutdown"] * 3
    assert len(answers) == 0


@pytest.mark.usefixtures("in_loop")
def test_a_client_is_watched_for_as_long_as_its_answer_is_open(pair: tuple[Any, Any]) -> None:
    server, client = pair
    answers = OpenAnswers()
    outcome: list[str] = []

    def write() -> None:
        try:
            with answers.open({"gunicorn.socket": server, "SERVER_PROTOCOL": "HTTP/1.0"}) as answer:
                answer.begun = True
                gevent.sleep(HOUR)
        except ClientGone:
            outcome.append("gone")

    writer = gevent.spawn(write)
    gevent.sleep(1 * MS)
    client.close()
    writer.join(timeout=60)
    assert outcome == ["gone"]


def test_an_answer_whose_request_was_still_coming_is_not_begun_during_a_shutdown() -> None:
    """Nobody would interrupt it: all that were open have been."""
    answers = OpenAnswers()
    answers.drain()
    with pytest.raises(NotReadyError) as refused, answers.open({}):
        pass
    assert (refused.value.code, len(answers)) == ("shutting_down", 0)


@pytest.mark.parametrize(("protocol", "reset"), [("HTTP/1.0", True), ("HTTP/1.1", False), ("HTTP/2", False)])
def test_only_where_its_end_would_be_the_bodys_end_a_connection_is_reset(protocol: str, reset: bool) -> None:
    """Over HTTP/2 it carries other answers as well."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
        with client, server:
            environ = {"SERVER_PROTOCOL": protocol, "gunicorn.socket": server}
            with OpenAnswers().open(environ) as answer:
                answer.break_off()
            server.close()
            if reset:
                with pytest.raises(ConnectionResetError):
                    client.recv(1)
            else:
                assert client.recv(1) == b""


def test_a_process_on_its_way_out_takes_nothing_new_and_says_so(client: FlaskClient) -> None:
    client.application.extensions["chat"].answers.drain()
    ready, health = client.get("/readyz"), client.get("/healthz")
    refused = client.post("/chat", json={"prompt": "Hi"})
    assert (ready.status_code, ready.json and ready.json["status"]) == (503, "not_ready")
    assert health.status_code == 200
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert refused.json
    assert refused.json["error"]["code"] == "shutting_down"
