"""A server that is strict: only what is scripted is answered."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest

from mockllm import MockLLMServer
from mockllm.testing import MockLLM

QUESTION: Any = [{"role": "user", "content": "Where is my order?"}]


@pytest.fixture(scope="module")
def running() -> Iterator[MockLLMServer]:
    with MockLLMServer(profile="instant", strict=True) as server:
        yield server


@pytest.fixture
def strict(running: MockLLMServer) -> MockLLM:
    mock = MockLLM(running.url)
    mock.reset()
    return mock


@pytest.fixture
def client(running: MockLLMServer) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=running.base_url, api_key="any", max_retries=0) as opened:
        yield opened


def answer(client: openai.OpenAI, **fields: Any) -> str | None:
    chat = client.chat.completions.create(**{"model": "gpt-4o", "messages": QUESTION, **fields})
    text: str | None = chat.choices[0].message.content
    return text


def test_only_what_is_scripted_is_answered(strict: MockLLM, client: openai.OpenAI) -> None:
    strict.answer_with("We refund.", when={"text": "refund"})
    with pytest.raises(
        openai.BadRequestError, match="the nearest, answer 1 of those given, wants text 'refund'"
    ):
        answer(client)
    strict.answer_with("It is on its way.", when={"text": "order"}, times=1)
    assert answer(client) == "It is on its way."
    with pytest.raises(openai.BadRequestError, match="is used up") as caught:
        answer(client)
    assert caught.value.code == "no_rule"
    assert answer(client, extra_body={"mock": {"text": "Hi"}}) == "Hi"


def test_a_fault_is_an_answer_and_vectors_need_none(strict: MockLLM, client: openai.OpenAI) -> None:
    strict.fail_with("rate_limit:10")
    with pytest.raises(openai.RateLimitError):
        answer(client)
    strict.reset()
    assert client.embeddings.create(model="text-embedding-3-small", input="x").data
    assert client.responses.input_tokens.count(model="gpt-4o", input="x").input_tokens


@pytest.mark.parametrize("knobs", [{"ttft": 0}, {"refusal": False}, {"calls": 0}, {"calls": 1}])
def test_a_rule_that_gives_no_words_answers_nothing(
    strict: MockLLM, client: openai.OpenAI, knobs: dict[str, Any]
) -> None:
    strict.answer_with(**knobs)
    with pytest.raises(openai.BadRequestError, match="no rule answers this request"):
        answer(client)
    strict.reset()
    with pytest.raises(openai.BadRequestError, match="no rule answers this request"):
        answer(client, extra_body={"mock": {**knobs, "text": None}})


@pytest.mark.parametrize("fault", ["slow_headers:1", "noop", "malformed"])
def test_a_fault_that_lets_words_through_is_no_answer(
    strict: MockLLM, client: openai.OpenAI, fault: str
) -> None:
    strict.fail_with(fault)
    with pytest.raises(openai.BadRequestError, match="no rule answers this request"):
        answer(client)
    assert [request.fault for request in strict.requests] == [""]
    strict.answer_with("Mine.")
    answer(client, extra_body={"mock": {"fault": "noop"}})


def test_unknown_parameters_are_refused(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="temprature"):
        answer(client, extra_body={"temprature": 1})


def test_every_endpoint_refuses_what_it_does_not_know(strict: MockLLM, client: openai.OpenAI) -> None:
    more: Any = {"extra_body": {"foo": 1}}
    kept = client.conversations.create()
    for call in (
        lambda: client.moderations.create(input="x", **more),
        lambda: client.conversations.create(**more),
        lambda: client.conversations.update(kept.id, metadata={}, **more),
        lambda: client.responses.compact(model="mock", input="x", **more),
        lambda: client.responses.input_tokens.count(model="mock", input="x", **more),
    ):
        with pytest.raises(openai.BadRequestError, match="foo"):
            call()
    assert client.responses.input_tokens.count(model="mock", input="x").input_tokens
