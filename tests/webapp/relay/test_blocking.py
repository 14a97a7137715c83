"""Events to one object, or to the error that a part of a text is."""

from __future__ import annotations

import pytest

from webapp.chat.errors import UPSTREAM_OUTCOMES, ChatError
from webapp.chat.events import HEARTBEAT, Delta, Done, Event, Failure, Start, Timing, Usage
from webapp.relay.blocking import WholeAnswer, whole_answer

START = Start("chat_1", "m")
USAGE = Usage(1, 2, 3)
TIMING = Timing(first_token_ms=100.0, total_ms=900.0, upstream_first_token_ms=99.0)


def test_the_whole_text_comes_at_once() -> None:
    events: list[Event] = [
        START,
        HEARTBEAT,
        Delta("Hello"),
        HEARTBEAT,
        Delta(" world"),
        Done("stop", USAGE, TIMING),
    ]
    waited = Timing(first_token_ms=900.0, total_ms=900.0, upstream_first_token_ms=99.0)
    assert whole_answer(events) == WholeAnswer("chat_1", "m", "Hello world", "stop", USAGE, waited)


def test_without_a_text_there_is_no_first_token() -> None:
    timing = Timing(first_token_ms=None, total_ms=900.0, upstream_first_token_ms=None)
    assert whole_answer([START, Done("tool_calls", USAGE, timing)]).timing == timing


@pytest.mark.parametrize("reason", ["length", "content_filter", "tool_calls"])
def test_how_the_model_ended_is_passed_on(reason: str) -> None:
    assert whole_answer([START, Done(reason, None, TIMING)]).finish_reason == reason


def test_an_interrupted_answer_says_why() -> None:
    answer = whole_answer([START, Delta("Hel"), Done("interrupted", None, TIMING, "deadline")])
    assert (answer.text, answer.finish_reason, answer.reason) == ("Hel", "interrupted", "deadline")


@pytest.mark.parametrize("code", [*UPSTREAM_OUTCOMES, "internal_error"])
def test_a_failure_becomes_the_error_that_it_would_have_been_before_the_first_byte(code: str) -> None:
    outcome = UPSTREAM_OUTCOMES.get(code)
    with pytest.raises(ChatError) as raised:
        whole_answer([START, Delta("Hel"), Failure(code, "A sentence.", True, "r1")])
    error = raised.value
    assert (error.code, error.message, error.retryable) == (code, "A sentence.", True)
    assert error.status == (outcome.status if outcome else 500)


def test_events_without_an_end_are_a_fault_of_this_code() -> None:
    with pytest.raises(AssertionError):
        whole_answer([START, Delta("Hello")])
