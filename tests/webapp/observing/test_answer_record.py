"""What is seen of an answer, on a clock that the test moves."""

from dataclasses import dataclass, field
from typing import Any

import gevent
import pytest

from webapp.chat.errors import InternalError, NotReadyError, RefusedError
from webapp.chat.events import HEARTBEAT, Delta, Done, Event, Failure, Heartbeat, Start, Timing, Usage
from webapp.chat.messages import ChatRequest, Message
from webapp.observing.answer_record import AnswerRecord
from webapp.relay.values import Progress
from webapp.serving.clients.gone import ClientGone, ClientStuck

ASKED = ChatRequest((Message("user", "a secret"),), "mock-a", 100, None, stream=True)
USAGE = Usage(3, 11, 14)
DONE = Done("stop", USAGE, Timing(first_token_ms=500.0, total_ms=1500.0, upstream_first_token_ms=490.0))
START = Start("chat_1", "mock-a")


@dataclass
class Upstream:
    failure_fields: dict[str, object] = field(default_factory=dict)


def seen(
    *events: Event,
    error: BaseException | None = None,
    streamed: bool = True,
    failure_fields: dict[str, Any] | None = None,
) -> AnswerRecord:
    """The record of an answer that came at 100 s, with an event each half second from 100.5 s on."""
    record = AnswerRecord(ASKED, streamed=streamed, arrived_at=100.0)
    record.source = Upstream(failure_fields or {})
    note(record.progress, *events)
    record.end(error)
    return record


def note(progress: Progress, *events: Event) -> None:
    """As the relay does, with an event each half second from 100.5 s on."""
    for index, event in enumerate(events):
        if isinstance(event, Delta):
            progress.deltas += 1
            progress.first_delta_at = progress.first_delta_at or 100.5 + 0.5 * index
        elif isinstance(event, Heartbeat):
            progress.heartbeats += 1
        elif not isinstance(event, Start):
            progress.last_word = event


def test_a_whole_answer() -> None:
    record = seen(START, HEARTBEAT, Delta("a"), Delta("b"), DONE)
    assert (record.ended_by, record.error_code) == ("model", None)
    assert record.first_token_seconds == 1.5
    assert record.seconds_per_output_token == 0.1
    assert record.fields() == {
        "model": "mock-a",
        "messages": 1,
        "dropped_messages": None,
        "streamed": True,
        "deltas": 2,
        "heartbeats": 1,
        "prompt_tokens": 3,
        "completion_tokens": 11,
        "first_token_ms": 1500.0,
        "reasoning_tokens": None,
        "first_reasoning_ms": None,
        "upstream_first_token_ms": 490.0,
        "finish_reason": "stop",
    }


def test_nobody_saw_the_first_token_of_an_answer_that_was_not_streamed() -> None:
    record = seen(START, Delta("a"), DONE, streamed=False)
    assert record.first_token_seconds is None
    assert record.fields()["upstream_first_token_ms"] == 490.0


@pytest.mark.parametrize(
    ("last_word", "error", "ended_by", "code"),
    [
        (DONE, None, "model", None),
        (DONE, GeneratorExit(), "model", None),
        (Done("interrupted", None, DONE.timing, reason="deadline"), None, "deadline", None),
        (Done("interrupted", None, DONE.timing, reason="shutdown"), None, "shutdown", None),
        (Failure("upstream_timeout", "", True, "r"), None, "upstream", "upstream_timeout"),
        (Failure("upstream_timeout", "", True, "r"), OSError(), "upstream", "upstream_timeout"),
        (Failure("internal_error", "", True, "r"), None, "us", "internal_error"),
        (None, GeneratorExit(), "client", "client_gone"),
        (None, ClientGone(), "client", "client_gone"),
        (None, ClientStuck(), "client", "client_stuck"),
        (None, BrokenPipeError(), "client", "client_gone"),
        (None, gevent.GreenletExit(), "shutdown", None),
        (None, NotReadyError("not_configured", ""), "refused", "not_configured"),
        (None, RefusedError("over_capacity", "", status=503), "refused", "over_capacity"),
        (None, InternalError(), "us", "internal_error"),
        (None, ZeroDivisionError(), "us", "internal_error"),
        (None, None, "us", "internal_error"),
    ],
)
def test_who_ended_it(
    last_word: Event | None, error: BaseException | None, ended_by: str, code: str | None
) -> None:
    record = seen(START, *([last_word] if last_word else []), error=error)
    assert (record.ended_by, record.error_code) == (ended_by, code)


def test_what_the_upstream_said_when_it_failed() -> None:
    failure = Failure("upstream_failed", "", True, "r")
    fields = seen(START, failure, failure_fields={"upstream_error": "BadGateway"}).fields()
    assert fields["upstream_error"] == "BadGateway"


def test_an_answer_that_was_left_still_has_its_first_token() -> None:
    record = seen(START, Delta("a"), Delta("b"), error=GeneratorExit())
    assert record.first_token_seconds == 1.0
    assert (record.fields()["deltas"], record.fields()["completion_tokens"]) == (2, None)


@pytest.mark.parametrize("usage", [None, Usage(1, 0, 1), Usage(1, 1, 2)])
def test_one_token_has_no_gaps(usage: Usage | None) -> None:
    assert seen(START, Delta("a"), Done("stop", usage, DONE.timing)).seconds_per_output_token is None


@pytest.mark.parametrize("model", ["mock" * 1000, "mock, who wrote this?"])
def test_a_model_named_by_the_caller_is_no_place_for_prose(model: str) -> None:
    asked = ChatRequest(ASKED.messages, model, 100, None, stream=True)
    record = AnswerRecord(asked, streamed=True, arrived_at=0)
    assert record.fields()["model"] == "other"
