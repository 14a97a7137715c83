"""The vendor's own client against the mock, over real HTTP, its answers checked strictly against its own types."""

import asyncio
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from mockllm import MockLLMServer
from tests.mockllm.conformance.report import (
    COMMAND,
    DEVIATIONS,
    TABLE,
    Verdict,
    table,
    verdicts_of,
    verdicts_of_async,
)
from tests.mockllm.conformance.strict import strict_errors

MESSAGES: Any = [{"role": "user", "content": "Tell me about rivers"}]
PARTS: Any = [
    {
        "content": [{"type": "text", "text": "Tell me "}, {"text": "about rivers", "type": "text"}],
        "role": "user",
    }
]


@pytest.fixture
def async_client(server: MockLLMServer) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=server.base_url, api_key="any", max_retries=0)


def text_of(chunks: list[ChatCompletionChunk], choice: int = 0) -> str:
    told = (each for chunk in chunks for each in chunk.choices if each.index == choice)
    return "".join(each.delta.content or "" for each in told)


def test_whole_and_streamed_answers_are_the_same(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="mock-tokens50", messages=MESSAGES)
    chunks = list(client.chat.completions.create(model="mock-tokens50", messages=MESSAGES, stream=True))
    ChatCompletion.model_validate(whole.model_dump(), strict=True)
    for chunk in chunks:
        ChatCompletionChunk.model_validate(chunk.model_dump(), strict=True)
    assert text_of(chunks) == whole.choices[0].message.content
    assert whole.usage is not None
    assert whole.usage.completion_tokens == 50
    assert len({chunk.id for chunk in chunks}) == 1
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-1].choices[0].finish_reason == whole.choices[0].finish_reason == "stop"


def test_the_async_client_gets_the_same(client: openai.OpenAI, async_client: openai.AsyncOpenAI) -> None:
    async def ask() -> tuple[str | None, list[ChatCompletionChunk]]:
        async with async_client:
            whole = await async_client.chat.completions.create(model="mock", messages=MESSAGES)
            stream = await async_client.chat.completions.create(model="mock", messages=MESSAGES, stream=True)
            return whole.choices[0].message.content, [chunk async for chunk in stream]

    whole, chunks = asyncio.run(ask())
    expected = client.chat.completions.create(model="mock", messages=MESSAGES).choices[0].message.content
    assert whole == text_of(chunks) == expected


def test_usage_comes_last_when_asked_for(client: openai.OpenAI) -> None:
    stream = client.chat.completions.create(
        model="mock-tokens9", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    *chunks, last = stream
    assert all(chunk.usage is None for chunk in chunks)
    assert last.choices == []
    assert last.usage is not None
    assert (last.usage.completion_tokens, last.usage.prompt_tokens) == (9, 10)


def test_the_form_of_content_and_timing_do_not_change_the_text(client: openai.OpenAI) -> None:
    texts = {
        client.chat.completions.create(model=model, messages=messages).choices[0].message.content
        for model, messages in [
            ("mock", MESSAGES),
            ("gpt-4o", PARTS),
            ("mock-ttft1-itl0", PARTS),
            ("mock-noop", MESSAGES),
        ]
    }
    assert len(texts) == 1


def test_choices_arrive_whole(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="mock-tokens20", messages=MESSAGES, n=3)
    chunks = list(client.chat.completions.create(model="mock-tokens20", messages=MESSAGES, n=3, stream=True))
    assert [text_of(chunks, index) for index in range(3)] == [
        choice.message.content for choice in whole.choices
    ]
    assert len({choice.message.content for choice in whole.choices}) == 3


def test_a_limit_cuts_and_a_continuation_gives_the_rest(client: openai.OpenAI) -> None:
    whole = (
        client.chat.completions.create(model="mock-tokens40", messages=MESSAGES).choices[0].message.content
    )
    cut = client.chat.completions.create(
        model="mock-tokens40", messages=MESSAGES, max_completion_tokens=15
    ).choices[0]
    begun: Any = [*MESSAGES, {"role": "assistant", "content": cut.message.content}]
    rest = client.chat.completions.create(model="mock-tokens40", messages=begun).choices[0]
    assert (cut.finish_reason, rest.finish_reason) == ("length", "stop")
    assert f"{cut.message.content}{rest.message.content}" == whole


@pytest.mark.parametrize(
    "text",
    [
        "",
        " leading",
        "👨‍👩‍👧 🇩🇪 e\u0301",
        "a\u2028b\u0085c",
        "x\r\ny\r\n\r\nz",
        '"quotes" \\ and \t tabs',
        "data: [DONE]\n\n",
        "日本語",
    ],
)
def test_an_exact_text_survives(client: openai.OpenAI, text: str) -> None:
    extra = {"mock": {"text": text}}
    whole = client.chat.completions.create(model="mock", messages=MESSAGES, extra_body=extra)
    stream = client.chat.completions.create(model="mock", messages=MESSAGES, stream=True, extra_body=extra)
    assert whole.choices[0].message.content == text
    assert text_of(list(stream)) == text


def test_models(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert client.models.retrieve(names[0]).id == names[0]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"model": "mock-itl5-warp"}, openai.BadRequestError),
        ({"messages": []}, openai.BadRequestError),
        ({"extra_body": {"mock": {"warp": 1}}}, openai.BadRequestError),
    ],
)
def test_refusals_are_the_clients_own_errors(
    client: openai.OpenAI, fields: dict[str, Any], error: type[openai.APIStatusError]
) -> None:
    asked: dict[str, Any] = {"model": "mock", "messages": MESSAGES, "stream": True, **fields}
    with pytest.raises(error) as caught:
        client.chat.completions.create(**asked)
    assert caught.value.request_id


@pytest.fixture(scope="module")
def verdicts(server: MockLLMServer) -> list[Verdict]:
    return verdicts_of(server.url)


def test_every_object_fits_the_clients_own_types(verdicts: list[Verdict]) -> None:
    assert {verdict.case.name: verdict.unexpected for verdict in verdicts if verdict.unexpected} == {}


def test_the_async_client_receives_the_same_objects(server: MockLLMServer, verdicts: list[Verdict]) -> None:
    assert asyncio.run(verdicts_of_async(server.url)) == verdicts


def test_the_table_in_the_documentation_is_up_to_date(verdicts: list[Verdict]) -> None:
    assert TABLE.read_text("utf-8") == table(verdicts), f"write it anew: {COMMAND}"


def test_all_listed_deviations_occur(verdicts: list[Verdict]) -> None:
    assert {error for verdict in verdicts for error in verdict.errors} == set(DEVIATIONS)


@pytest.mark.parametrize(
    ("chunk", "error"),
    [
        ({"id": None}, "id: string_type"),
        ({"created": "1"}, "created: int_type"),
        ({"object": "chat.completion"}, "object: literal_error"),
        ({"speed": 9}, "speed: unknown field"),
        ({"choices": [{"index": 0, "delta": {"text": "x"}}]}, "choices.*.delta.text: unknown field"),
        ({"choices": [{"delta": {}}]}, "choices.*.index: missing"),
    ],
)
def test_the_strict_check_sees_each_kind_of_mistake(chunk: dict[str, Any], error: str) -> None:
    right = {"id": "x", "choices": [], "created": 1, "model": "m", "object": "chat.completion.chunk"}
    assert strict_errors(ChatCompletionChunk.construct(**right)) == []
    assert strict_errors(ChatCompletionChunk.construct(**right | chunk)) == [error]
