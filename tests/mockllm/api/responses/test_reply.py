"""What the Responses API answers, seen by the vendor's client."""

import json
from itertools import pairwise
from typing import Any

import jsonschema_rs
import openai
import pytest

from tests.mockllm.calls import Caller
from tests.mockllm.conformance.cases import FLAT_TOOLS, ITEMS, SCHEMA, TOLD, mock
from tests.mockllm.conformance.report import judge_errors

QUESTION = "What is the weather in Paris?"


def whole(client: openai.OpenAI, **fields: Any) -> Any:
    return client.responses.create(**{"model": "mock-tokens5", "input": QUESTION, **fields})


def events(client: openai.OpenAI, **fields: Any) -> list[Any]:
    return list(whole(client, stream=True, **fields))


def kinds(found: list[Any]) -> list[str]:
    """The types of events, runs of the same one told once."""
    names = [event.type.removeprefix("response.") for event in found]
    return names[:1] + [name for before, name in pairwise(names) if name != before]


TEXT_EVENTS = [
    "output_item.added", "content_part.added", "output_text.delta", "output_text.done", "content_part.done", "output_item.done",
]  # fmt: skip
CALL_EVENTS = [
    "output_item.added", "function_call_arguments.delta", "function_call_arguments.done", "output_item.done",
]  # fmt: skip
SUMMARY_EVENTS = [
    "output_item.added", "reasoning_summary_part.added", "reasoning_summary_text.delta", "reasoning_summary_text.done",
    "reasoning_summary_part.done", "output_item.done",
]  # fmt: skip
REFUSAL_EVENTS = [name.replace("output_text", "refusal") for name in TEXT_EVENTS]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [*TEXT_EVENTS, "completed"]),
        ({"tools": FLAT_TOOLS}, [*CALL_EVENTS, "completed"]),
        ({"tools": FLAT_TOOLS, **mock(calls=2)}, [*CALL_EVENTS, *CALL_EVENTS, "completed"]),
        (mock(refusal=True), [*REFUSAL_EVENTS, "completed"]),
        (mock(reasoning=3), ["output_item.added", "output_item.done", *TEXT_EVENTS, "completed"]),
        (
            {"reasoning": {"summary": "auto"}, "tools": FLAT_TOOLS, **mock(reasoning=3)},
            [*SUMMARY_EVENTS, *CALL_EVENTS, "completed"],
        ),
        ({"model": "mock-tokens30", "max_output_tokens": 16}, [*TEXT_EVENTS, "incomplete"]),
        (
            {"max_output_tokens": 16, **mock(reasoning=99)},
            ["output_item.added", "output_item.done", "incomplete"],
        ),
        ({"model": "mock-content_filter@2"}, [*TEXT_EVENTS, "incomplete"]),
    ],
)
def test_the_order_of_events(client: openai.OpenAI, fields: Any, expected: list[str]) -> None:
    found = events(client, **fields)
    assert kinds(found) == ["created", "in_progress", *expected]
    assert [event.sequence_number for event in found] == list(range(len(found)))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"tools": FLAT_TOOLS, **mock(reasoning=4)},
        {"reasoning": {"summary": "concise"}, **mock(reasoning=4)},
        {"include": ["message.output_text.logprobs"], "top_logprobs": 2},
        mock(refusal="No."),
        {"model": "mock-tokens40", "max_output_tokens": 16},
    ],
)
def test_a_stream_ends_with_the_whole(client: openai.OpenAI, fields: Any) -> None:
    found = events(client, **fields)
    last, expected = found[-1].response, whole(client, **fields)
    assert [item.type for item in last.output] == [item.type for item in expected.output]
    assert (last.usage, last.status, last.output_text) == (
        expected.usage,
        expected.status,
        expected.output_text,
    )
    done = [event.item for event in found if event.type == "response.output_item.done"]
    assert done == last.output
    added = [event.item.id for event in found if event.type == "response.output_item.added"]
    assert added == [item.id for item in last.output]
    of_items = {event.item_id for event in found if hasattr(event, "item_id")}
    assert of_items <= set(added)
    deltas = [event.delta for event in found if event.type == "response.output_text.delta"]
    assert "".join(deltas) == last.output_text


def test_the_bytes_of_an_event(caller: Caller) -> None:
    body = json.dumps({"model": "mock-tokens2", "input": "x", "stream": True}).encode()
    frames = caller.call("POST", "/v1/responses", body).body.split(b"\n\n")
    assert frames.pop() == b""
    for frame in frames:
        name, data = frame.split(b"\n")
        assert json.loads(data.removeprefix(b"data: "))["type"] == name.removeprefix(b"event: ").decode()


def test_the_same_conversation_gets_the_same_text_as_in_a_chat(client: openai.OpenAI) -> None:
    messages: Any = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": QUESTION}]
    chat = client.chat.completions.create(model="mock", messages=messages).choices[0].message.content
    assert whole(client, model="mock", instructions="Be brief.").output_text == chat
    told: Any = TOLD
    chat = client.chat.completions.create(model="mock", messages=told).choices[0].message.content
    assert whole(client, model="mock", input=ITEMS).output_text == chat


def test_the_items_of_an_answer_can_be_sent_back(client: openai.OpenAI) -> None:
    first = whole(client, tools=FLAT_TOOLS, **mock(reasoning=3))
    assert [item.type for item in first.output] == ["reasoning", "function_call"]
    call = first.output[1]
    assert jsonschema_rs.is_valid(SCHEMA, json.loads(call.arguments))
    items = [
        {"role": "user", "content": QUESTION},
        *(item.to_dict() for item in first.output),
        {"type": "function_call_output", "call_id": call.call_id, "output": "snow"},
    ]
    second = whole(client, model="mock", input=items, tools=FLAT_TOOLS)
    assert second.output_text.startswith("get_weather says: snow\n\n")
    third = whole(
        client,
        input=[*items, *(item.to_dict() for item in second.output), {"role": "user", "content": "Thanks"}],
    )
    assert third.status == "completed"


def test_a_begun_text_is_continued(client: openai.OpenAI) -> None:
    text = whole(client).output_text
    begun = {"role": "assistant", "content": [{"type": "output_text", "text": text[:9]}]}
    assert text[:9] + whole(client, input=[{"role": "user", "content": QUESTION}, begun]).output_text == text


def test_what_was_asked_is_told(client: openai.OpenAI) -> None:
    answer = whole(
        client, tools=FLAT_TOOLS, tool_choice="none", parallel_tool_calls=False, temperature=0.25, top_p=0.5,
        metadata={"a": "b"}, max_output_tokens=77, instructions="Be brief.", truncation="auto", user="u",
        text={"format": {"type": "json_schema", "name": "x", "schema": SCHEMA, "strict": True}, "verbosity": "low"},
    ).to_dict()  # fmt: skip
    told = {
        name: answer[name]
        for name in ("tool_choice", "parallel_tool_calls", "temperature", "top_p", "metadata")
    }
    assert told == {
        "tool_choice": "none", "parallel_tool_calls": False, "temperature": 0.25, "top_p": 0.5, "metadata": {"a": "b"},
    }  # fmt: skip
    assert [tool["name"] for tool in answer["tools"]] == ["get_weather", "get_time"]
    assert answer["text"]["format"]["schema"] == SCHEMA
    assert (answer["max_output_tokens"], answer["truncation"], answer["user"]) == (77, "auto", "u")
    assert jsonschema_rs.is_valid(SCHEMA, json.loads(answer["output"][0]["content"][0]["text"]))


def test_obfuscation_only_when_asked_for(client: openai.OpenAI) -> None:
    def paddings(**fields: Any) -> set[Any]:
        found = [event.to_dict() for event in events(client, **fields)]
        return {event.get("obfuscation") for event in found if event["type"].endswith("delta")}

    assert paddings() == {None}
    assert None not in paddings(stream_options={"include_obfuscation": True})


def test_a_stream_is_read_to_its_end_and_leaves_the_connection_open(
    client: openai.OpenAI, caller: Caller
) -> None:
    body = json.dumps({"model": "mock-tokens2", "input": "x", "stream": True}).encode()
    assert b"[DONE]" not in caller.call("POST", "/v1/responses", body).body


OTHERS: Any = [
    {"type": "web_search"},
    {"type": "custom", "name": "apply_patch", "description": "Patches", "format": {"type": "text"}},
    {
        "type": "mcp",
        "server_label": "docs",
        "server_url": "https://example.com/mcp",
        "require_approval": "never",
    },
    {"type": "namespace", "name": "crm", "description": "CRM", "tools": [FLAT_TOOLS[0]]},
    {"type": "local_shell"},
]


def test_tools_of_other_kinds_are_taken_repeated_and_never_called(caller: Caller) -> None:
    for tools, called in ((OTHERS, []), ([*OTHERS, FLAT_TOOLS[0]], ["function_call"])):
        body = {"model": "mock", "input": "What is the weather?", "tools": tools}
        answer = json.loads(caller.call("POST", "/v1/responses", json.dumps(body).encode()).body)
        assert answer["tools"][: len(OTHERS)] == OTHERS
        assert [item["type"] for item in answer["output"]] == (called or ["message"])
    for choice in ("required", {"type": "web_search"}, {"type": "custom", "name": "apply_patch"}):
        body = {"model": "mock", "input": "Hi", "tools": OTHERS, "tool_choice": choice}
        answer = json.loads(caller.call("POST", "/v1/responses", json.dumps(body).encode()).body)
        assert (answer["status"], answer["tool_choice"]) == ("completed", choice)


def test_the_items_of_other_tools_are_taken_as_input(caller: Caller) -> None:
    items = [
        {"role": "user", "content": "Patch it"},
        {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "x"},
        {
            "type": "web_search_call",
            "id": "ws_1",
            "status": "completed",
            "action": {"type": "search", "query": "x"},
        },
        {"type": "custom_tool_call", "call_id": "c1", "name": "apply_patch", "input": "*** Begin Patch"},
        {"type": "custom_tool_call_output", "call_id": "c1", "output": "Done."},
        {
            "type": "local_shell_call",
            "call_id": "c2",
            "status": "completed",
            "action": {"type": "exec", "command": ["ls"]},
        },
        {"type": "local_shell_call_output", "call_id": "c2", "output": "a.txt"},
        {
            "type": "shell_call_output",
            "call_id": "c3",
            "output": [{"stdout": "b.txt", "stderr": "", "outcome": {}}],
        },
        {"type": "mcp_list_tools", "server_label": "docs", "tools": []},
        {"type": "tool_search_call", "arguments": {"q": "x"}, "status": "completed"},
    ]
    for count in range(1, len(items) + 1):
        body = {"model": "mock", "input": items[:count]}
        assert caller.call("POST", "/v1/responses", json.dumps(body).encode()).status == 200, items[count - 1]
    body = {"model": "mock", "input": items[:5]}
    answer = json.loads(caller.call("POST", "/v1/responses", json.dumps(body).encode()).body)
    assert "Done." in answer["output"][0]["content"][0]["text"]


def test_what_open_responses_asks_for_is_there(caller: Caller) -> None:
    body = {"model": "mock", "input": "Hi", "presence_penalty": 0.5, "store": False}
    answer = json.loads(caller.call("POST", "/v1/responses", json.dumps(body).encode()).body)
    assert (answer["presence_penalty"], answer["frequency_penalty"], answer["store"]) == (0.5, 0.0, False)
    assert answer["completed_at"] > answer["created_at"]


def test_a_custom_tool_is_called_where_it_is_scripted(client: openai.OpenAI) -> None:
    patch = '*** Begin Patch\n"no JSON"'
    asked: Any = {
        "model": "mock",
        "input": "Patch it",
        "tools": OTHERS,
        "extra_body": {"mock": {"calls": [{"name": "apply_patch", "input": patch}]}},
    }
    whole = client.responses.create(**asked)
    assert judge_errors(whole) == []
    (call,) = whole.output
    assert (call.type, call.name, call.input) == ("custom_tool_call", "apply_patch", patch)
    events = list(client.responses.create(**asked, stream=True))
    assert [each for event in events for each in judge_errors(event)] == []
    deltas = [event.delta for event in events if event.type == "response.custom_tool_call_input.delta"]
    assert ("".join(deltas), len(deltas) > 3) == (patch, True)
    (done,) = [event for event in events if event.type == "response.custom_tool_call_input.done"]
    assert done.input == patch
    assert events[-1].type == "response.completed"
    (streamed,) = events[-1].response.output
    assert (streamed.type, streamed.input) == ("custom_tool_call", patch)
    result: Any = [{"type": "custom_tool_call_output", "call_id": call.call_id, "output": "Done."}]
    told = client.responses.create(model="mock", input=result, previous_response_id=whole.id)
    assert "Done." in told.output_text


def test_a_search_is_scripted_with_what_is_cited_of_it(client: openai.OpenAI) -> None:
    rivers = {"url": "https://example.com/rivers", "title": "Rivers of the world"}
    lakes = {"url": "https://example.com/lakes", "title": "Lakes"}
    text = "As 'Rivers of the world' says, see https://example.com/lakes."
    search = {"query": "rivers", "sources": [rivers, lakes, {"url": "https://example.com/uncited"}]}
    asked: Any = {
        "model": "mock",
        "input": "Search",
        "tools": [{"type": "web_search"}],
        "include": ["web_search_call.action.sources"],
        "extra_body": {"mock": {"text": text, "search": search}},
    }
    whole = client.responses.create(**asked)
    assert judge_errors(whole) == []
    call, message = (item.to_dict() for item in whole.output)
    assert call["type"] == "web_search_call"
    assert [each["url"] for each in call["action"]["sources"]][-1] == "https://example.com/uncited"
    cited = message["content"][0]["annotations"]
    words = [text[each["start_index"] : each["end_index"]] for each in cited]
    assert (words, [each["url"] for each in cited]) == (
        [rivers["title"], lakes["url"]],
        [rivers["url"], lakes["url"]],
    )
    events = list(client.responses.create(**asked, stream=True))
    assert [each for event in events for each in judge_errors(event)] == []
    names = [event.type for event in events]
    assert names[2:7] == [
        "response.output_item.added",
        "response.web_search_call.in_progress",
        "response.web_search_call.searching",
        "response.web_search_call.completed",
        "response.output_item.done",
    ]
    assert names.count("response.output_text.annotation.added") == 2
    last = events[-1].response.output
    assert [item.type for item in last] == ["web_search_call", "message"]
    assert {event.output_index for event in events if event.type == "response.output_text.delta"} == {1}
    shown = client.responses.retrieve(whole.id)
    assert shown.to_dict() == whole.to_dict()


@pytest.mark.parametrize("search", ["x", {"sources": []}, {"query": "x", "sources": [{"title": "x"}]}])
def test_what_is_no_search_is_refused(caller: Caller, search: Any) -> None:
    body = json.dumps({"model": "mock", "input": "x", "mock": {"search": search}}).encode()
    reply = caller.call("POST", "/v1/responses", body)
    assert (reply.status, reply.error["param"]) == (400, "mock.search")
