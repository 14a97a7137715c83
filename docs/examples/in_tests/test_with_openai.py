"""The fixture with OpenAI's own client, sync and async: text, a stream, tools, structured output, retries."""

import asyncio
import json

import openai
import pytest
from pydantic import BaseModel

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


class City(BaseModel):
    name: str
    people: int


@pytest.fixture
def client(mockllm):
    with openai.OpenAI(base_url=mockllm.base_url, api_key="any") as opened:
        yield opened


def ask(client, said, **options):
    return client.chat.completions.create(
        model="gpt-5", messages=[{"role": "user", "content": said}], **options
    )


def test_a_text_and_what_was_asked(mockllm, client):
    mockllm.answer_with("We refund within 14 days.", when={"text": "refund"})
    assert ask(client, "A refund, please").choices[0].message.content == "We refund within 14 days."
    (request,) = mockllm.expect_request({"text": "refund", "model": "gpt-5"})
    assert request.body["messages"][0]["role"] == "user"


def test_a_tool_and_its_result(mockllm, client):
    mockllm.answer_with(
        calls=[{"name": "get_weather", "arguments": {"city": "Paris"}}], when={"text": "weather"}
    )
    mockllm.answer_with("18 degrees in Paris.", when={"tool": "get_weather"})
    message = ask(client, "How is the weather?", tools=[WEATHER]).choices[0].message
    assert json.loads(message.tool_calls[0].function.arguments) == {"city": "Paris"}
    result = {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "18"}
    followed = client.chat.completions.create(
        model="gpt-5", messages=[{"role": "user", "content": "How is the weather?"}, message, result]
    )
    assert followed.choices[0].message.content == "18 degrees in Paris."


def test_structured_output(mockllm, client):
    mockllm.answer_with({"name": "Paris", "people": 2_100_000})
    parsed = client.responses.parse(model="gpt-5", input="Paris?", text_format=City).output_parsed
    assert parsed == City(name="Paris", people=2_100_000)


def test_a_rate_limit_is_waited_for(mockllm, client):
    mockllm.fail_with("rate_limit:20", times=1)
    assert ask(client, "Hi").choices[0].message.content
    assert [request.status for request in mockllm.requests] == [429, 200]


def test_a_refusal_is_an_exception(mockllm, client):
    mockllm.fail_with(404, "No such deployment.")
    with pytest.raises(openai.NotFoundError, match="No such deployment"):
        ask(client, "Hi")


def test_a_stream_that_breaks_off(mockllm, client):
    mockllm.answer_with("One two three four.", fault="reset@2")
    chunks = ask(client, "Count", stream=True)
    came = (chunk.choices[0].delta.content or "" for chunk in chunks)
    assert [next(came) for _ in range(3)] == ["", "One", " two"]
    with pytest.raises(openai.APIConnectionError):
        next(came)


async def stream(base_url, said):
    async with openai.AsyncOpenAI(base_url=base_url, api_key="any") as client:
        chunks = await ask(client, said, stream=True)
        return [chunk.choices[0].delta.content or "" async for chunk in chunks]


def test_asyncs_streams_side_by_side(mockllm):
    mockllm.answer_with("A lake.", when={"text": "lake"})
    mockllm.answer_with("A river.", when={"text": "river"})

    async def both():
        return await asyncio.gather(stream(mockllm.base_url, "A lake?"), stream(mockllm.base_url, "A river?"))

    assert ["".join(texts) for texts in asyncio.run(both())] == ["A lake.", "A river."]
