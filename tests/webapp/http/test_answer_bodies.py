"""When the body of an answer lets go of what it took: before its last bytes, however it ends."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from webapp.chat import Delta, Done, Event, Failure, Start, Timing
from webapp.http.answer_bodies import AnswerBody, streamed_body, whole_body
from webapp.http.formats import STREAMED
from webapp.serving import OpenAnswer
from webapp.serving.lifecycle import LastBytes

DONE = Done("stop", None, Timing(None, 1.0, None))
FAILURE = Failure("upstream_timeout", "No.", retryable=True, request_id="r")
BEFORE: list[Event] = [Start("chat_1", "m"), Delta("Hello")]


def parts(media_type: str, last: Event, sock: socket.socket | None = None) -> Iterator[tuple[bytes, bool]]:
    """Each part of the body, and whether all was let go of by then."""
    free = list[bool]()
    ending = ExitStack()
    ending.callback(free.append, True)
    for part in streamed_body(iter([*BEFORE, last]), STREAMED[media_type], OpenAnswer(sock), ending):
        yield part, bool(free)


@pytest.mark.parametrize("last", [DONE, FAILURE], ids=["done", "error"])
def test_all_is_let_go_of_before_the_last_bytes(last: Event) -> None:
    written = list(parts("text/event-stream", last))
    assert [is_free for _, is_free in written] == [False, False, True]
    assert last.__struct_config__.tag.encode() in written[-1][0]


def test_the_last_bytes_are_marked_for_gunicorn_alone() -> None:
    """PEP 3333 says bytes, and wsgiref takes no subclass of them."""
    assert {type(part) for part, _ in parts("text/event-stream", DONE)} == {bytes}
    with socket.socket() as sock:
        *_, (last, _) = parts("text/event-stream", DONE, sock)
    assert isinstance(last, LastBytes)


def test_a_text_ends_with_nothing_more() -> None:
    assert list(parts("text/plain", DONE)) == [(b"", False), (b"Hello", False), (b"", True)]


def test_a_text_that_broke_off_has_no_last_bytes() -> None:
    written = list[tuple[bytes, bool]]()
    with pytest.raises(OSError, match="broke off"):
        written.extend(parts("text/plain", FAILURE))
    assert not any(is_free for _, is_free in written)


@pytest.mark.parametrize("begun", [False, True])
def test_a_body_that_is_closed_lets_go_of_all(begun: bool) -> None:
    errors = list[type[BaseException] | None]()
    for make in (_streamed, _whole):
        ending = ExitStack()
        ending.push(lambda kind, *_: errors.append(kind))
        body = make(ending)
        if begun:
            next(iter(body))
        body.close()
        body.close()
    assert errors == [GeneratorExit, GeneratorExit]


def _streamed(ending: ExitStack) -> AnswerBody:
    return streamed_body(iter([*BEFORE, DONE]), STREAMED["text/event-stream"], OpenAnswer(None), ending)


def _whole(ending: ExitStack) -> AnswerBody:
    return whole_body(b"Hello", OpenAnswer(None), ending)
