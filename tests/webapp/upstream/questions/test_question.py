"""A question that is refused, put again: what each request holds, over an API of plain functions."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import openai
import pytest

from webapp.chat.continuation import GO_ON
from webapp.chat.conversation import Message
from webapp.chat.messages import ChatRequest
from webapp.upstream.decoding import EmptyAnswerError, UpstreamReportedError
from webapp.upstream.questions.dialects import Dialects
from webapp.upstream.questions.question import MOST_TRIES, Question

TOO_LONG = "context_length_exceeded"
OVERFULL = UpstreamReportedError("the request exceeds the available context size")
TALK = tuple(
    Message(role, f"{at} " + "x" * 98) for at in range(8) for role in ("user", "assistant")
)  # 16 messages of 100 characters
LAST = Message("user", "And then?")


class Asked:
    """What an API is asked."""

    def __init__(self) -> None:
        self.payloads: list[dict[str, Any]] = []

    def __call__(self, payload: dict[str, Any], request_id: str) -> Any:
        assert request_id == "r"
        self.payloads.append(json.loads(json.dumps(payload)))

    def contents(self) -> list[str]:
        return [message["content"].split()[0] for message in self.payloads[-1]["messages"]]


def question(asked: Asked, *messages: Message, max_tokens: int = 5000, dropped: int = 0) -> Question:
    request = ChatRequest(messages, "m", max_tokens, None, stream=True, dropped_messages=dropped)
    return Question(request, "r", asked, Dialects("auto", "h"), goes_on_by_itself=False)


def bad_request(words: str, status: int = 400) -> openai.APIStatusError:
    response = httpx2.Response(status, request=httpx2.Request("POST", "http://h/"))
    return openai.APIStatusError(words, response=response, body={"message": words})


def test_the_older_half_goes_and_then_half_of_the_rest_until_the_question_is_alone() -> None:
    asked = Asked()
    one = question(asked, Message("system", "Be"), *TALK, LAST)
    come = []
    while one.put_again(OVERFULL, TOO_LONG):
        come.append((asked.contents(), one.dropped_messages))
    assert come == [
        (["Be", "5", "5", "6", "6", "7", "7", "And"], 10),
        (["Be", "7", "7", "And"], 14),
        (["Be", "And"], 16),
    ]


def test_the_longest_talk_is_soon_the_last_question_alone() -> None:
    one = question(asked := Asked(), *(TALK * 20), LAST)
    while one.put_again(OVERFULL, TOO_LONG):
        pass
    assert [len(payload["messages"]) for payload in asked.payloads] == [321, 159, 79, 39, 1]


def test_what_had_been_left_out_before_counts_too() -> None:
    one = question(Asked(), *TALK, LAST, dropped=3)
    assert one.put_again(OVERFULL, TOO_LONG)
    assert one.dropped_messages == 3 + 10


def test_a_question_alone_is_not_put_again() -> None:
    one = question(asked := Asked(), Message("user", "x" * 100_000))
    assert not one.put_again(OVERFULL, TOO_LONG)
    assert (len(asked.payloads), one.dropped_messages) == (1, 0)


def test_an_answer_that_is_continued_stays_with_its_question() -> None:
    one = question(asked := Asked(), *TALK)
    while one.put_again(OVERFULL, TOO_LONG):
        pass
    assert asked.contents() == ["7", "7", GO_ON.split()[0]]


def test_an_answer_that_is_too_long_for_the_rest_of_the_context_is_shortened_not_the_talk() -> None:
    one = question(asked := Asked(), *TALK, LAST)
    words = "maximum context length is 4096 tokens and your request has 500 input tokens"
    assert one.put_again(bad_request(words), TOO_LONG)
    assert (asked.payloads[-1]["max_tokens"], one.dropped_messages) == (3596, 0)


def test_where_nearly_nothing_is_left_the_oldest_turns_go_and_then_the_answer_is_short() -> None:
    words = "maximum context length is 4096 tokens and your request has 4000 input tokens"
    one = question(asked := Asked(), *TALK, LAST)
    assert one.put_again(bad_request(words), TOO_LONG)
    assert (asked.payloads[-1]["max_tokens"], one.dropped_messages) == (5000, 10)
    alone = question(asked := Asked(), LAST)
    assert alone.put_again(bad_request(words), TOO_LONG)
    assert asked.payloads[-1]["max_tokens"] == 96
    assert not alone.put_again(bad_request(words), TOO_LONG)


def test_the_longest_answer_of_a_model_is_kept_to_and_remembered() -> None:
    asked, dialects = Asked(), Dialects("auto", "h")
    request = ChatRequest((LAST,), "m", 40_000, None, stream=True)
    one = Question(request, "r", asked, dialects, goes_on_by_itself=False)
    assert one.put_again(bad_request("the valid range of max_tokens is [1, 8192]"), "upstream_refused")
    one.taken()
    Question(request, "r", asked, dialects, goes_on_by_itself=False)
    assert [payload["max_tokens"] for payload in asked.payloads] == [40_000, 8192, 8192]


@pytest.mark.parametrize(
    "refusal", [bad_request("max_tokens is unknown"), UpstreamReportedError("max_tokens?")]
)
def test_a_field_that_is_refused_is_left_out_be_it_with_a_status_or_inside_a_200(refusal: Exception) -> None:
    one = question(asked := Asked(), LAST)
    assert one.put_again(refusal, "upstream_refused")
    assert "max_tokens" not in asked.payloads[-1]


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (bad_request("max_tokens", 500), "upstream_failed"),
        (UpstreamReportedError("max_tokens"), "upstream_failed"),
        (bad_request("no"), "upstream_refused"),
        (httpx2.ReadError("max_tokens"), "upstream_broken_off"),
    ],
)
def test_any_other_failure_is_one(refusal: Exception, code: str) -> None:
    one = question(asked := Asked(), *TALK, LAST)
    assert not one.put_again(refusal, code)
    assert len(asked.payloads) == 1


def test_an_api_that_refuses_whatever_it_is_asked_is_asked_a_few_times() -> None:
    one = question(asked := Asked(), *TALK, LAST)
    names = ("max_tokens", "max_completion_tokens", "stream_options", "include_usage")
    for _ in range(50):
        one.put_again(bad_request(" ".join(names)), "upstream_refused")
        one.put_again(OVERFULL, TOO_LONG)
    assert len(asked.payloads) <= MOST_TRIES


def test_by_its_figures_as_much_of_the_talk_stays_as_there_is_room_for() -> None:
    one = question(asked := Asked(), *TALK, LAST)
    words = "maximum context length is 900 tokens. However, your messages resulted in 1000 tokens."
    assert one.put_again(bad_request(words), TOO_LONG)
    assert asked.contents() == ["3", "3", "4", "4", "5", "5", "6", "6", "7", "7", "And"]


def test_what_is_answered_with_nothing_is_asked_whole_and_streamed_again_when_it_was_said_why() -> None:
    one = question(asked := Asked(), *TALK, LAST)
    assert one.put_again(EmptyAnswerError(), "upstream_malformed")
    assert asked.payloads[-1]["stream"] is False
    assert "stream_options" not in asked.payloads[-1]
    assert one.put_again(bad_request("too long"), TOO_LONG)
    assert (asked.payloads[-1]["stream"], one.dropped_messages) == (True, 10)


def test_an_api_that_answers_with_nothing_either_way_is_asked_twice() -> None:
    one = question(asked := Asked(), LAST)
    assert one.put_again(EmptyAnswerError(), "upstream_malformed")
    assert not one.put_again(EmptyAnswerError(), "upstream_malformed")
    assert len(asked.payloads) == 2


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (
            {"message": "Known: max_tokens, stream_options, temperature", "param": "temperature"},
            "temperature",
        ),
        (
            {"detail": [{"loc": ["body", "temperature"], "input": {"stream_options": 1, "max_tokens": 2}}]},
            None,
        ),
    ],
)
def test_the_field_that_a_refusal_points_at_goes_and_none_that_it_only_names(
    body: dict[str, Any], param: str | None
) -> None:
    asked = Asked()
    request = ChatRequest((LAST,), "m", 500, 0.5, stream=True)
    one = Question(request, "r", asked, Dialects("auto", "h"), goes_on_by_itself=False)
    refusal = bad_request("")
    refusal.body, refusal.param = body, param
    assert one.put_again(refusal, "upstream_refused")
    assert set(asked.payloads[0]) - set(asked.payloads[1]) == {"temperature"}


@pytest.mark.parametrize(
    ("words", "status", "gone"),
    [
        ('Unknown name "streamOptions": Cannot find field.', 400, "stream_options"),
        ("extraneous key [maxTokens] is not permitted", 400, "max_tokens"),
        ("include_usage is not supported", 400, "stream_options"),
        ("create() got an unexpected keyword argument 'stream_options'", 500, "stream_options"),
    ],
)
def test_a_field_by_its_other_spellings(words: str, status: int, gone: str) -> None:
    asked = Asked()
    assert question(asked, LAST).put_again(bad_request(words, status), "upstream_refused")
    assert gone not in asked.payloads[1]


@pytest.mark.parametrize(
    "words",
    [
        "System role not supported",
        "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
        "Error rendering prompt with jinja template: Only user and assistant roles are supported!",
        "Developer instruction is not enabled for models/gemma",
        "Conversation roles must alternate user/assistant/user/assistant/...",
    ],
)
def test_a_model_without_a_role_system_is_told_in_the_first_question_and_remembered(words: str) -> None:
    asked = Asked()
    dialects = Dialects("auto", "h")
    request = ChatRequest((Message("system", "Be brief."), LAST), "m", 500, None, stream=True)
    one = Question(request, "r", asked, dialects, goes_on_by_itself=False)
    assert one.put_again(UpstreamReportedError(words), "upstream_failed")
    assert asked.payloads[1]["messages"] == [{"role": "user", "content": "Be brief.\n\nAnd then?"}]
    one.taken()
    assert not dialects.of("m").has_system
    assert not one.put_again(UpstreamReportedError(words), "upstream_failed")
