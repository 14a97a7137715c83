"""Every fault as the vendor's own client meets it, over real HTTP."""

import json
import time
from typing import Any

import openai
import pytest

from mockllm import MockLLMServer
from tests.mockllm.calls import Caller

MESSAGES: Any = [{"role": "user", "content": "Tell me about 日本"}]
TEXT = {"mock": {"text": "one 日本 two three four"}}
HARMLESS = ("noop", "crlf", "comments", "no_space", "split", "split@1.40", "glue:3", "late_end:20", "slow_headers:20", "stall:20@1", "trickle:0@3")  # fmt: skip


def streamed(client: openai.OpenAI, fault: str) -> str:
    stream = client.chat.completions.create(
        model=f"mock-{fault}", messages=MESSAGES, stream=True, extra_body=TEXT
    )
    told = (choice.delta.content or "" for chunk in stream for choice in chunk.choices)
    return "".join(told)


def responded(client: openai.OpenAI, fault: str) -> list[Any]:
    return list(
        client.responses.create(
            model=f"mock-{fault}", input="Tell me about 日本", stream=True, extra_body=TEXT
        )
    )


@pytest.mark.parametrize("fault", [*HARMLESS, "empty_choices", "empty_choices@2"])
def test_what_is_only_unusual_changes_no_text(client: openai.OpenAI, fault: str) -> None:
    assert streamed(client, fault) == TEXT["mock"]["text"]


@pytest.mark.parametrize("fault", HARMLESS)
def test_nor_that_of_a_response(client: openai.OpenAI, fault: str) -> None:
    *_, last = responded(client, fault)
    assert last.type == "response.completed"
    assert last.response.output_text == TEXT["mock"]["text"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("rate_limit", openai.RateLimitError),
        ("quota_exceeded", openai.RateLimitError),
        ("server_error", openai.InternalServerError),
        ("overloaded", openai.InternalServerError),
        ("bad_key", openai.AuthenticationError),
        ("context_length", openai.BadRequestError),
        ("content_filter", openai.BadRequestError),
    ],
)
def test_refusals(client: openai.OpenAI, fault: str, error: type[openai.APIStatusError]) -> None:
    for ask in (streamed, responded):
        with pytest.raises(error) as caught:
            ask(client, fault)
        assert caught.value.request_id


@pytest.mark.parametrize("fault", ["reset@2", "reset@2.30", "close@2", "close", "reset"])
def test_a_cut_connection(client: openai.OpenAI, fault: str) -> None:
    for ask in (streamed, responded):
        with pytest.raises(openai.APIConnectionError):
            ask(client, fault)


def test_a_quiet_early_end_raises_nothing(client: openai.OpenAI) -> None:
    assert streamed(client, "truncate@3") == "one 日"
    assert streamed(client, "truncate") == TEXT["mock"]["text"]
    assert responded(client, "truncate@3")[-1].type == "response.output_text.delta"


def test_an_error_amid_the_stream(client: openai.OpenAI) -> None:
    with pytest.raises(openai.APIError) as caught:
        streamed(client, "error_event@2")
    assert caught.value.code == "server_error"
    last = responded(client, "error_event@2")[-1]
    assert (last.type, last.code) == ("error", "server_error")


def test_broken_json(client: openai.OpenAI) -> None:
    with pytest.raises(json.JSONDecodeError):
        streamed(client, "malformed@2")


def test_a_filter_ends_the_answer(client: openai.OpenAI) -> None:
    stream = client.chat.completions.create(
        model="mock-content_filter@3", messages=MESSAGES, stream=True, extra_body=TEXT
    )
    chunks = [chunk.choices[0] for chunk in stream]
    assert "".join(choice.delta.content or "" for choice in chunks) == "one 日"
    assert chunks[-1].finish_reason == "content_filter"


@pytest.mark.parametrize("fault", ["stall", "stall@2", "slow_headers:60000"])
def test_silence_ends_in_the_clients_timeout(client: openai.OpenAI, fault: str) -> None:
    start = time.monotonic()
    with pytest.raises(openai.APITimeoutError):
        streamed(client.with_options(timeout=0.3), fault)
    assert time.monotonic() - start >= 0.3


def test_an_endless_stream_ends_with_its_client(client: openai.OpenAI) -> None:
    stream = client.chat.completions.create(
        model="mock-endless", messages=MESSAGES, stream=True, extra_body=TEXT
    )
    with stream:
        chunks = [chunk for chunk, _ in zip(stream, range(50), strict=False)]
    assert all(chunk.choices[0].finish_reason is None for chunk in chunks)


def test_what_fails_twice_works_at_the_third_attempt(server: MockLLMServer) -> None:
    with openai.OpenAI(base_url=server.base_url, api_key="any", max_retries=2) as patient:
        assert streamed(patient, "rate_limit:1*2") == TEXT["mock"]["text"]


def test_what_fails_once_more_than_it_is_tried_fails(server: MockLLMServer) -> None:
    with (
        openai.OpenAI(base_url=server.base_url, api_key="any", max_retries=1) as hasty,
        pytest.raises(openai.RateLimitError),
    ):
        streamed(hasty, "rate_limit:1*2")


@pytest.mark.parametrize("fault", ["reset", "server_error"])
def test_health_and_journal_are_exempt(fault: str) -> None:
    with MockLLMServer(profile="instant", faults=f"{fault} 100%") as server:
        caller = Caller(server.url)
        for path in ("/healthz", "/metrics", "/mock/requests", "/v1/models"):
            assert caller.call("GET", path).status == 200


def test_a_schedule_strikes_one_turn_of_each_conversation() -> None:
    with MockLLMServer(profile="instant", faults="overloaded turn 2") as server:
        caller = Caller(server.url)
        said = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}]
        conversations = [said[:1], [*said, said[0]], [*said, *said, said[0]]]
        assert [caller.chat(messages=messages).status for messages in conversations] == [200, 503, 200]
        assert caller.chat(messages=conversations[1], model="mock-noop").status == 200
