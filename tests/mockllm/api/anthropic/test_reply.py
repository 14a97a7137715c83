"""Messages, whole and streamed, as Anthropic's own client and a raw one see them."""

import json
from collections.abc import Iterator
from typing import Any

import anthropic
import pytest

from mockllm import MockLLMServer
from mockllm.api.anthropic import parse, turns
from tests.mockllm.calls import Caller, Reply
from tests.mockllm.conformance.anthropic_cases import CACHED, PAPER, PICTURE, TOLD, TOOLS

QUESTION: Any = [{"role": "user", "content": "What is the weather in Paris?"}]


@pytest.fixture
def client(server: MockLLMServer) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(base_url=server.url, api_key="any", max_retries=0) as opened:
        yield opened


def ask(client: anthropic.Anthropic, **fields: Any) -> anthropic.types.Message:
    asked = {"model": "mock-tokens12", "max_tokens": 2000, "messages": QUESTION, **fields}
    whole: anthropic.types.Message = client.messages.create(**asked)
    with client.messages.stream(**asked) as stream:
        streamed = stream.get_final_message()
    assert _told(streamed) == _told(whole)
    return whole


def _told(message: anthropic.types.Message) -> tuple[Any, ...]:
    blocks = [block.model_dump(exclude={"id", "signature", "parsed_output"}) for block in message.content]
    return blocks, message.stop_reason, message.stop_sequence, message.usage.output_tokens


def raw(caller: Caller, **fields: Any) -> Reply:
    asked = {"model": "mock-tokens3", "max_tokens": 100, "messages": QUESTION, **fields}
    return caller.call("POST", "/v1/messages", json.dumps(asked).encode())


def test_a_text_is_that_of_a_chat_completion(client: anthropic.Anthropic, caller: Caller) -> None:
    message = ask(client)
    chat = json.loads(caller.chat(model="mock-tokens12", messages=QUESTION).body)
    assert message.content[0].to_dict()["text"] == chat["choices"][0]["message"]["content"]
    assert (message.stop_reason, message.usage.output_tokens) == ("end_turn", 12)
    assert message.usage.input_tokens == chat["usage"]["prompt_tokens"]


def test_a_tool_is_called_and_its_result_is_taken_up(client: anthropic.Anthropic) -> None:
    called = ask(client, tools=TOOLS)
    assert (called.stop_reason, called.content[0].type) == ("tool_use", "tool_use")
    told = ask(client, tools=TOOLS, messages=TOLD, model="mock")
    assert (told.stop_reason, told.content[0].type) == ("end_turn", "text")
    assert told.content[0].to_dict()["text"].startswith("get_weather says: 18 degrees")


SEARCH: Any = {"type": "web_search_20250305", "name": "web_search"}
OTHERS: Any = [
    SEARCH,
    {"type": "bash_20250124", "name": "bash"},
    {"type": "mcp_toolset", "mcp_server_name": "x"},
]


@pytest.mark.parametrize("tools", [OTHERS, [*OTHERS, *TOOLS]])
def test_tools_that_are_not_the_callers_are_taken_and_not_called(
    client: anthropic.Anthropic, tools: Any
) -> None:
    chosen = ask(client, tools=tools, tool_choice={"type": "tool", "name": "web_search"})
    assert [block.type for block in chosen.content] == ["text"]
    any_of_them = ask(client, tools=tools, tool_choice={"type": "any"})
    assert [block.type for block in any_of_them.content] == ["text" if tools is OTHERS else "tool_use"]


@pytest.mark.parametrize(
    ("choice", "types"),
    [
        ({"type": "none"}, ["text"]),
        ({"type": "auto"}, ["tool_use"]),
        ({"type": "any"}, ["tool_use"] * 3),
        ({"type": "any", "disable_parallel_tool_use": True}, ["tool_use"]),
        ({"type": "tool", "name": "get_time"}, ["tool_use"] * 3),
    ],
)
def test_the_choice_of_tools(client: anthropic.Anthropic, choice: dict[str, Any], types: list[str]) -> None:
    calls = {"mock": {"calls": 3}} if choice["type"] in ("any", "tool") else {}
    message = ask(client, tools=TOOLS, tool_choice=choice, extra_body=calls)
    assert [block.type for block in message.content] == types


def test_thoughts_come_first_and_are_signed(client: anthropic.Anthropic) -> None:
    thought, text = ask(client, thinking={"type": "enabled", "budget_tokens": 1024}).content
    assert isinstance(thought, anthropic.types.ThinkingBlock)
    assert thought.thinking
    assert thought.signature
    assert text.type == "text"
    sent_back = [*QUESTION, {"role": "assistant", "content": [thought, text]}, *QUESTION]
    assert ask(client, messages=sent_back).stop_reason == "end_turn"


def test_thoughts_may_be_left_out(client: anthropic.Anthropic) -> None:
    message = ask(client, thinking={"type": "adaptive", "display": "omitted"})
    assert message.content[0].to_dict()["thinking"] == ""
    assert message.usage.output_tokens_details is not None
    assert message.usage.output_tokens_details.thinking_tokens == 24


@pytest.mark.parametrize(
    ("fields", "reason", "sequence"),
    [
        ({"max_tokens": 5}, "max_tokens", None),
        ({"model": "mock", "stop_sequences": ["zebra", " the"]}, "stop_sequence", " the"),
        ({"extra_body": {"mock": {"refusal": "No."}}}, "refusal", None),
        ({"model": "mock-content_filter@5"}, "refusal", None),
    ],
)
def test_why_a_message_ends(
    client: anthropic.Anthropic, fields: dict[str, Any], reason: str, sequence: str | None
) -> None:
    message = ask(client, **fields)
    assert (message.stop_reason, message.stop_sequence) == (reason, sequence)


def test_only_what_is_marked_is_cached(client: anthropic.Anthropic) -> None:
    unmarked = [{name: value for name, value in CACHED.items() if name != "cache_control"}]
    cached, read = ask(client, system=[CACHED]).usage, ask(client, system=unmarked).usage
    assert cached.cache_read_input_tokens
    assert read.cache_read_input_tokens == 0
    assert cached.input_tokens + cached.cache_read_input_tokens == read.input_tokens


def test_counted_is_what_a_message_is_billed_for(client: anthropic.Anthropic) -> None:
    asked: dict[str, Any] = {"messages": [{"role": "user", "content": [PICTURE, PAPER]}], "tools": TOOLS}
    counted = client.messages.count_tokens(model="mock", **asked)
    assert counted.input_tokens == ask(client, **asked).usage.input_tokens > 3000


def test_a_schema_is_kept_to(client: anthropic.Anthropic) -> None:
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    }
    message = ask(client, output_config={"format": {"type": "json_schema", "schema": schema}})
    assert list(json.loads(message.content[0].to_dict()["text"])) == ["city"]


def test_arguments_that_are_no_json(client: anthropic.Anthropic) -> None:
    broken = {"mock": {"calls": [{"name": "f", "arguments": '{"a":'}]}}
    message = client.messages.create(model="mock", max_tokens=9, messages=QUESTION, extra_body=broken)
    assert message.content[0].to_dict()["input"] == {"INVALID_JSON": '{"a":'}


def test_the_same_body_gets_the_same_bytes(caller: Caller) -> None:
    assert raw(caller, stream=True).body == raw(caller, stream=True).body
    assert raw(caller).headers["content-type"] == "application/json"


def test_the_order_of_events(caller: Caller) -> None:
    lines = raw(caller, stream=True).body.decode().splitlines()
    names = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    assert names == [
        "message_start",
        "ping",
        "content_block_start",
        *["content_block_delta"] * 3,
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]


def test_models_are_listed_for_whoever_asks(client: anthropic.Anthropic) -> None:
    names = [model.id for model in client.models.list()]
    assert client.models.retrieve(names[1]).display_name == names[1]


@pytest.mark.parametrize(
    "source",
    [PAPER["source"], {"type": "file", "file_id": "file_1"}, {"type": "content", "content": "All of it."}],
)
def test_a_document_is_no_picture(source: Any) -> None:
    blocks = [PICTURE, {"type": "document", "source": source}]
    asked = parse({"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": blocks}]})
    assert [each.kind for each in turns(asked)[-1].attachments] == ["image", "file"]
