"""What chat completions answer, seen by the vendor's client."""

import json
from typing import Any

import jsonschema_rs
import openai
import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.chat.chat_completion import Choice

from mockllm.text.tokens import tokenize
from tests.mockllm.conformance.cases import CALLED, PICTURE, QUESTION, SCHEMA, TOLD, TOOLS, mock

TALK: Any = [{"role": "user", "content": "Tell me about rivers"}]
FORMAT = {"type": "json_schema", "json_schema": {"name": "forecast", "schema": SCHEMA, "strict": True}}


class Chat:
    """Asks for whole and streamed answers alike."""

    def __init__(self, client: openai.OpenAI) -> None:
        self._client = client

    def whole(self, **fields: Any) -> ChatCompletion:
        return self._client.chat.completions.create(**{"model": "mock", "messages": QUESTION, **fields})

    def choice(self, **fields: Any) -> Choice:
        return self.whole(**fields).choices[0]

    def chunks(self, **fields: Any) -> list[ChatCompletionChunk]:
        asked = {"model": "mock", "messages": QUESTION, "stream": True, **fields}
        return list(self._client.chat.completions.create(**asked))

    def summed(self, **fields: Any) -> Choice:
        """The choice that the client's own helper puts together from a stream."""
        asked = {"model": "mock", "messages": QUESTION, **fields}
        with self._client.chat.completions.stream(**asked) as stream:
            return stream.get_final_completion().choices[0]


@pytest.fixture
def chat(client: openai.OpenAI) -> Chat:
    return Chat(client)


def calls_of(choice: Choice) -> list[tuple[str, str]]:
    calls: Any = choice.message.tool_calls or []
    return [(call.function.name, call.function.arguments) for call in calls]


def is_valid(schema: Any, text: str) -> bool:
    return jsonschema_rs.is_valid(schema, json.loads(text))


@pytest.mark.parametrize(
    "fields",
    [
        {"messages": TALK},
        {"tools": TOOLS},
        {"tools": TOOLS, **mock(calls=3)},
        {"response_format": FORMAT},
        {"response_format": FORMAT, "max_tokens": 4},
        {"tools": TOOLS, "max_tokens": 4},
        {"logprobs": True, "top_logprobs": 2, "model": "mock-tokens8"},
        {"logprobs": True, **mock(refusal="No, thank you.")},
        {"messages": TOLD, "tools": TOOLS},
    ],
)
def test_a_stream_adds_up_to_the_whole(chat: Chat, fields: Any) -> None:
    whole = chat.choice(**fields).model_dump(exclude={"message": {"annotations"}}, exclude_none=True)
    try:
        summed = chat.summed(**fields).model_dump(exclude_none=True)
    except openai.LengthFinishReasonError as error:
        # The client refuses to parse what was cut, but hands it over.
        summed = error.completion.choices[0].model_dump(exclude_none=True)
    for call in summed["message"].get("tool_calls", ()):
        call.pop("index", None)
        call["function"].pop("parsed_arguments", None)
    # Ids follow from the whole request, in which `stream` differs.
    assert without_ids(summed) == without_ids(whole)


def without_ids(choice: dict[str, Any]) -> dict[str, Any]:
    for call in choice["message"].get("tool_calls", ()):
        call.pop("id")
    choice["message"].pop("parsed", None)
    return choice


def test_a_user_who_offers_tools_gets_the_call_that_fits(chat: Chat) -> None:
    choice = chat.choice(tools=TOOLS)
    ((name, arguments),) = calls_of(choice)
    assert (choice.finish_reason, choice.message.content, name) == ("tool_calls", None, "get_weather")
    assert is_valid(SCHEMA, arguments)
    assert json.loads(arguments)["city"] == "example city", (
        "never words of the prompt, which a tool might carry out"
    )


def test_words_that_name_two_tools_get_two_calls_unless_forbidden(chat: Chat) -> None:
    both: Any = [{"role": "user", "content": "The weather in Paris, and the time there?"}]
    names = [name for name, _ in calls_of(chat.choice(messages=both, tools=TOOLS))]
    assert names == ["get_weather", "get_time"]
    single = calls_of(chat.choice(messages=both, tools=TOOLS, parallel_tool_calls=False))
    assert [name for name, _ in single] == ["get_weather"]


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"tool_choice": "none"}, []),
        ({"tool_choice": "auto", **mock(calls=0)}, []),
        ({"tool_choice": "auto", **mock(text="Hi")}, []),
        ({"tool_choice": "auto", "messages": TOLD}, []),
        ({"tool_choice": "required", "messages": TOLD}, ["get_weather"]),
        ({"tool_choice": {"type": "function", "function": {"name": "get_time"}}}, ["get_time"]),
        ({"model": "mock-calls3"}, ["get_weather", "get_time", "get_weather"]),
        ({"model": "mock-calls3", "parallel_tool_calls": False}, ["get_weather"]),
        (mock(calls=[{"name": "anything", "arguments": "{broken"}]), ["anything"]),
    ],
)
def test_who_decides_which_tools_are_called(chat: Chat, fields: Any, names: list[str]) -> None:
    choice = chat.choice(**{"tools": TOOLS, **fields})
    assert [name for name, _ in calls_of(choice)] == names
    assert choice.finish_reason == ("tool_calls" if names else "stop")


def test_the_loop_ends_with_an_answer_that_takes_the_result_up(chat: Chat) -> None:
    choice = chat.choice(messages=TOLD, tools=TOOLS, model="mock-tokens60")
    assert choice.finish_reason == "stop"
    assert choice.message.content is not None
    assert choice.message.content.startswith("get_weather says: 18 degrees and sunny\n\n")
    assert len(tokenize(choice.message.content)) == 60


def test_results_of_parallel_calls_are_all_taken_up(chat: Chat) -> None:
    second = {**CALLED, "id": "call_2", "function": {"name": "get_time", "arguments": "{}"}}
    messages: Any = [
        *QUESTION,
        {"role": "assistant", "content": None, "tool_calls": [CALLED, second]},
        {"role": "tool", "tool_call_id": "call_2", "content": "noon"},
        {"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": "rain " * 100}]},
    ]
    text = chat.choice(messages=messages).message.content or ""
    assert text.startswith("get_time says: noon\n\nget_weather says: rain rain")
    assert "rain…\n\n" in text.replace("rain …", "rain…")


@pytest.mark.parametrize("seed", range(5))
def test_json_follows_the_schema(chat: Chat, seed: int) -> None:
    text = chat.choice(response_format=FORMAT, seed=seed).message.content or ""
    assert is_valid(SCHEMA, text)


def test_json_object_is_an_object(chat: Chat) -> None:
    wanted: Any = [{"role": "system", "content": "Answer in JSON."}, *QUESTION]
    text = chat.choice(messages=wanted, response_format={"type": "json_object"}).message.content or ""
    assert isinstance(json.loads(text), dict)


def test_a_limit_cuts_json_too(chat: Chat) -> None:
    whole = chat.choice(response_format=FORMAT).message.content or ""
    cut = chat.choice(response_format=FORMAT, max_completion_tokens=4)
    assert cut.finish_reason == "length"
    assert cut.message.content == "".join(tokenize(whole)[:4])


def test_a_refusal_is_no_content(chat: Chat) -> None:
    choice = chat.choice(**mock(refusal="No."))
    assert (choice.message.refusal, choice.message.content, choice.finish_reason) == ("No.", None, "stop")
    first, *rest, last = [chunk.choices[0].delta for chunk in chat.chunks(**mock(refusal="No."))]
    assert (first.role, first.content, first.refusal) == ("assistant", None, "")
    assert [delta.refusal for delta in rest] == ["No", "."]
    assert last.refusal is None


def test_reasoning_comes_first_and_is_billed(chat: Chat) -> None:
    whole = chat.whole(model="mock-reasoning7-tokens5")
    assert whole.usage is not None
    assert whole.usage.completion_tokens_details is not None
    assert whole.usage.completion_tokens_details.reasoning_tokens == 7
    assert whole.usage.completion_tokens == 12
    kinds = [
        "reasoning" if "reasoning_content" in chunk.choices[0].delta.to_dict() else "content"
        for chunk in chat.chunks(model="mock-reasoning7-tokens5")[1:-1]
    ]
    assert kinds == ["reasoning"] * 7 + ["content"] * 5
    cut = chat.choice(model="mock-reasoning7-tokens5", max_completion_tokens=7)
    assert (cut.finish_reason, cut.message.content) == ("length", "")


def test_reasoning_does_not_change_the_text(chat: Chat) -> None:
    assert chat.choice(model="mock-reasoning7").message.content == chat.choice().message.content


def test_a_stop_word_may_lie_across_tokens(chat: Chat) -> None:
    text = chat.choice(messages=TALK, model="mock-tokens30").message.content or ""
    word = text[10:17]
    assert all(word not in token for token in tokenize(text))
    for stop in (word, ["nowhere", word]):
        choice = chat.choice(messages=TALK, model="mock-tokens30", stop=stop)
        assert (choice.message.content, choice.finish_reason) == (text[: text.index(word)], "stop")


def test_logprobs_are_of_the_tokens_in_the_text(chat: Chat) -> None:
    choice = chat.choice(model="mock-tokens9", messages=TALK, logprobs=True, top_logprobs=20)
    assert choice.logprobs is not None
    rated = choice.logprobs.content or []
    assert "".join(each.token for each in rated) == choice.message.content
    for each in rated:
        assert bytes(each.bytes or []).decode() == each.token
        values = [other.logprob for other in each.top_logprobs]
        assert values == sorted(values, reverse=True)
        assert len({other.token for other in each.top_logprobs}) == 20
        assert each.top_logprobs[0].token == each.token
        assert all(value < 0 for value in values)


def test_an_image_counts_and_matters(chat: Chat) -> None:
    def shown(detail: str, url: str) -> ChatCompletion:
        part = {"type": "image_url", "image_url": {"url": url, "detail": detail}}
        return chat.whole(messages=[{"role": "user", "content": [PICTURE[0], part]}])

    low, high = shown("low", "https://example.com/cat.png"), shown("high", "https://example.com/cat.png")
    assert low.usage is not None
    assert high.usage is not None
    assert high.usage.prompt_tokens - low.usage.prompt_tokens == 765 - 85
    other = shown("low", "data:image/png;base64,iVBORw0KGgo=")
    assert other.choices[0].message.content != low.choices[0].message.content
    assert high.choices[0].message.content == low.choices[0].message.content


def test_obfuscation_may_be_turned_off(chat: Chat) -> None:
    assert all(chunk.obfuscation is not None for chunk in chat.chunks())
    plain = chat.chunks(stream_options={"include_obfuscation": False})
    assert all(chunk.obfuscation is None for chunk in plain)


@pytest.mark.parametrize(
    ("asked", "told"), [("auto", "default"), ("default", "default"), ("flex", "flex"), ("fast", "priority")]
)
def test_service_tiers(chat: Chat, asked: Any, told: str) -> None:
    assert chat.whole(service_tier=asked).service_tier == told


def test_a_filter_ends_the_answer_at_its_token(chat: Chat) -> None:
    whole = chat.choice(messages=TALK).message.content or ""
    cut = chat.choice(messages=TALK, model="mock-content_filter@3")
    assert (cut.finish_reason, cut.message.content) == ("content_filter", "".join(tokenize(whole)[:3]))


def test_text_and_calls_come_together(chat: Chat) -> None:
    calls = [{"name": "get_weather", "arguments": {"city": "Oslo"}}]
    choice = chat.choice(tools=TOOLS, **mock(text="Let me see.", calls=calls))
    assert (choice.finish_reason, choice.message.content) == ("tool_calls", "Let me see.")
    assert calls_of(choice) == [("get_weather", '{"city":"Oslo"}')]


def test_the_order_of_properties_changes_their_order_alone(chat: Chat) -> None:
    def told(names: list[str]) -> tuple[str, str]:
        properties = {name: {"type": "integer"} for name in names}
        schema = {
            "type": "object",
            "properties": properties,
            "required": names,
            "additionalProperties": False,
        }
        shape: Any = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
        answer = chat.whole(response_format=shape)
        return answer.id, answer.choices[0].message.content or ""

    (one, first), (other, second) = told(["a", "b", "c"]), told(["c", "a", "b"])
    assert json.loads(first) == json.loads(second)
    assert list(json.loads(second)) == ["c", "a", "b"]
    assert one != other, "other bytes, another name"


def test_a_custom_tool_is_called_where_it_is_scripted(client: openai.OpenAI) -> None:
    patch = '*** Begin Patch\n"no JSON"'
    question = {"role": "user", "content": "Patch it"}
    asked: Any = {
        "model": "mock",
        "messages": [question],
        "tools": [{"type": "custom", "custom": {"name": "apply_patch"}}],
        "extra_body": {"mock": {"calls": [{"name": "apply_patch", "input": patch}]}},
    }
    choice = client.chat.completions.create(**asked).choices[0]
    (call,) = choice.message.tool_calls or ()
    assert (choice.finish_reason, call.type) == ("tool_calls", "custom")
    assert (call.custom.name, call.custom.input) == ("apply_patch", patch)
    deltas = [
        part.model_dump()
        for chunk in client.chat.completions.create(**asked, stream=True)
        for part in chunk.choices[0].delta.tool_calls or ()
    ]
    assert (deltas[0]["type"], deltas[0]["custom"]["name"]) == ("custom", "apply_patch")
    assert "".join(delta["custom"]["input"] for delta in deltas) == patch
    assert len(deltas) > 3
    result = {"role": "tool", "tool_call_id": call.id, "content": "Done."}
    said: Any = [question, choice.message.model_dump(exclude_none=True), result]
    told = client.chat.completions.create(model="mock", messages=said)
    assert "Done." in str(told.choices[0].message.content)


def test_a_past_call_of_a_kind_holds_what_its_kind_has(chat: Chat) -> None:
    said: Any = [{"role": "assistant", "tool_calls": [{"id": "c", "type": "custom"}]}]
    with pytest.raises(openai.BadRequestError) as refused:
        chat.choice(messages=said)
    assert refused.value.param == "messages[0].tool_calls[0].custom"


def test_tools_of_other_kinds_are_taken_and_never_called(chat: Chat) -> None:
    custom: Any = {"type": "custom", "custom": {"name": "shell"}}
    for choice in ("auto", "required", {"type": "custom", "custom": {"name": "shell"}}):
        answer = chat.choice(tools=[custom], tool_choice=choice)
        assert (answer.finish_reason, answer.message.tool_calls) == ("stop", None)
    assert [name for name, _ in calls_of(chat.choice(tools=[custom, *TOOLS]))] == ["get_weather"]
