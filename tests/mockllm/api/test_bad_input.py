"""Damaged requests to every API: each is answered or refused by name, never with a 500."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from mockllm import Settings, create_app
from tests.mockllm.api.gemini.test_reply import CALL as GEMINIS_CALL
from tests.mockllm.api.gemini.test_reply import CONTENTS, RESULT
from tests.mockllm.api.gemini.test_reply import TOOLS as GEMINIS_TOOLS
from tests.mockllm.conformance.anthropic_cases import ANTHROPIC_CASES
from tests.mockllm.conformance.cases import CASES, FLAT_PICTURE, ITEMS, QUESTION, SCHEMA, TOLD, TOOLS

PATHS = {
    "chat.completions.create": "/v1/chat/completions",
    "completions.create": "/v1/completions",
    "responses.create": "/v1/responses",
    "embeddings.create": "/v1/embeddings",
}
CHAT, LEGACY, RESPONSES, EMBEDDINGS = PATHS.values()
BASES: dict[str, dict[str, Any]] = {
    CHAT: {"model": "mock", "messages": QUESTION},
    LEGACY: {"model": "mock", "prompt": "Once"},
    RESPONSES: {"model": "mock", "input": "Once"},
    EMBEDDINGS: {"model": "mock", "input": "Once"},
}
CALL = TOLD[1]
TOOL = TOOLS[0]


@pytest.fixture(scope="module")
def app() -> FlaskClient:
    return create_app(Settings(profile="instant")).test_client()


def function(**fields: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": "f", **fields}}


def forms(schema: Any, **fields: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "x", "schema": schema, **fields}}


@pytest.mark.parametrize(
    ("path", "fields", "param"),
    [
        (CHAT, {"top_logprobs": 3}, "top_logprobs"),
        (CHAT, {"logprobs": True, "top_logprobs": 21}, "top_logprobs"),
        (CHAT, {"modalities": ["text", "audio"]}, "modalities"),
        (CHAT, {"functions": []}, "functions"),
        (CHAT, {"function_call": "auto"}, "function_call"),
        (CHAT, {"tools": [{"type": "function"}]}, "tools[0].function"),
        (CHAT, {"tools": [{"function": {"name": "x"}}]}, "tools[0].type"),
        (CHAT, {"tools": [function(name="a b")]}, "tools[0].function.name"),
        (CHAT, {"tools": [function(parameters={"type": "array"})]}, "tools[0].function.parameters"),
        (CHAT, {"tools": [function(parameters={"type": "object"}, strict=True)]}, "tools[0].function.parameters"),
        (CHAT, {"tools": [TOOL] * 129}, "tools"),
        (CHAT, {"tool_choice": "required"}, "tool_choice"),
        (CHAT, {"tools": [TOOL], "tool_choice": "always"}, "tool_choice"),
        (CHAT, {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "g"}}}, "tool_choice"),
        (CHAT, {"tools": [TOOL], "tool_choice": {"type": "allowed_tools"}}, "tool_choice"),
        (CHAT, {"messages": [*QUESTION, {"role": "tool", "content": "x"}]}, "messages[1].tool_call_id"),
        (CHAT, {"messages": [*QUESTION, {"role": "tool", "content": "x", "tool_call_id": "y"}]}, "messages[1].role"),
        (CHAT, {"messages": [*QUESTION, CALL]}, "messages[1].role"),
        (CHAT, {"messages": [*QUESTION, CALL, *QUESTION]}, "messages[2].role"),
        (CHAT, {"messages": [{"role": "user", "content": [{"type": "smell"}]}]}, "messages[0].content[0].type"),
        (CHAT, {"messages": [{"role": "user", "content": [{"type": "file"}]}]}, "messages[0].content[0].file"),
        (CHAT, {"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "messages[0].content[0].text"),
        (CHAT, {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages[0].content[0].image_url"),
        (
            CHAT,
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "cat.png"}}]}]},
            "messages[0].content[0].image_url",
        ),
        (CHAT, {"response_format": {"type": "json_object"}}, "messages"),
        (CHAT, {"response_format": {"type": "json_schema"}}, "response_format.json_schema"),
        (CHAT, {"response_format": {"type": "xml"}}, "response_format.type"),
        (CHAT, {"response_format": forms({"type": "words"})}, "response_format"),
        (CHAT, {"response_format": forms({"type": "array"}, strict=True)}, "response_format"),
        (CHAT, {"response_format": forms({"type": "array", "minItems": 10**9})}, "response_format"),
        (LEGACY, {"prompt": []}, "prompt"),
        (LEGACY, {"prompt": ["a", 1]}, "prompt"),
        (LEGACY, {"prompt": ["a"] * 100, "n": 2}, "prompt"),
        (LEGACY, {"prompt": [[-1]]}, "prompt[0][0]"),
        (LEGACY, {"logprobs": 6}, "logprobs"),
        (LEGACY, {"logprobs": True}, "logprobs"),
        (LEGACY, {"best_of": 1, "n": 2}, "best_of"),
        (LEGACY, {"best_of": 2, "stream": True}, "best_of"),
        (LEGACY, {"max_tokens": -1}, "max_tokens"),
        (LEGACY, {"echo": True, "prompt": "x" * 1000, "n": 100}, "echo"),
        (RESPONSES, {"input": None}, "input"),
        (RESPONSES, {"input": []}, "input"),
        (RESPONSES, {"input": [{"type": "reasoning"}]}, "input"),
        (RESPONSES, {"input": [{"content": "x"}]}, "input[0].role"),
        (RESPONSES, {"input": [{"role": "user"}]}, "input[0].content"),
        (RESPONSES, {"input": [{"role": "user", "content": [{"type": "input_file"}]}]}, "input[0].content[0]"),
        (RESPONSES, {"input": [{"type": "web_serach"}]}, "input[0].type"),
        (RESPONSES, {"input": ITEMS[:2]}, "input"),
        (RESPONSES, {"input": [ITEMS[0], ITEMS[2]]}, "input"),
        (RESPONSES, {"input": [{"type": "function_call", "call_id": "c"}]}, "input[0].name"),
        (RESPONSES, {"max_output_tokens": 15}, "max_output_tokens"),
        (RESPONSES, {"tools": [{"type": "function"}]}, "tools[0].name"),
        (RESPONSES, {"tools": [{"name": "x"}]}, "tools[0].type"),
        (RESPONSES, {"tools": [{"type": "mcp"}, {"type": "function", "name": "a b"}]}, "tools[1].name"),
        (CHAT, {"tools": [{"type": "custom"}, function(name="a b")]}, "tools[1].function.name"),
        (RESPONSES, {"previous_response_id": "resp_1"}, "previous_response_id"),
        (RESPONSES, {"background": True, "store": False}, "background"),
        (RESPONSES, {"prompt": {"version": "1"}}, "prompt.id"),
        (RESPONSES, {"text": {"format": {"type": "json_schema", "schema": SCHEMA}}}, "text.format.name"),
        (RESPONSES, {"text": {"format": {"type": "json_schema", "name": "x"}}}, None),
        (RESPONSES, {"text": {"format": {"type": "json_object"}}}, "input"),
        (RESPONSES, {"text": {"format": {"type": "json_schema", "name": "x", "schema": {"not": {}}}}}, "text.format"),
        (RESPONSES, {"mock": {"text": "word " * 70_000}}, "mock"),
        (CHAT, {"response_format": forms({"not": {}})}, "response_format"),
        (CHAT, {"mock": {"tokens": 30_000}, "n": 3}, "n"),
        (RESPONSES, {"stream_options": {}}, "stream_options"),
        (EMBEDDINGS, {"input": ""}, "input"),
        (EMBEDDINGS, {"input": []}, "input"),
        (EMBEDDINGS, {"input": ["a", ""]}, "input"),
        (EMBEDDINGS, {"input": ["a", 1]}, "input"),
        (EMBEDDINGS, {"input": ["a"] * 2049}, "input"),
        (EMBEDDINGS, {"input": "word " * 9000}, "input"),
        (EMBEDDINGS, {"dimensions": 1537}, "dimensions"),
        (EMBEDDINGS, {"dimensions": 0}, "dimensions"),
        (EMBEDDINGS, {"encoding_format": "hex"}, "encoding_format"),
    ],
)  # fmt: skip
def test_bad_parameters_are_named(
    app: FlaskClient, path: str, fields: dict[str, Any], param: str | None
) -> None:
    reply = app.post(path, json={**BASES[path], **fields})
    if param is None:
        assert reply.status_code == 200
        return
    error = json.loads(reply.data)["error"]
    assert (reply.status_code, error["param"]) == (400, param)
    assert error["type"] == "invalid_request_error"
    assert error["message"]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"conversation": "conv_1"}, "conversation"),
        ({"input": [{"type": "item_reference", "id": "msg_1"}]}, "input"),
    ],
)
def test_what_is_not_kept_is_not_found(app: FlaskClient, fields: Any, param: str) -> None:
    reply = app.post(RESPONSES, json={**BASES[RESPONSES], **fields})
    assert (reply.status_code, json.loads(reply.data)["error"]["param"]) == (404, param)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/responses/resp_1"),
        ("DELETE", "/v1/responses/resp_1"),
        ("POST", "/v1/responses/resp_1/cancel"),
        ("GET", "/v1/responses/resp_1/input_items"),
        ("GET", "/v1/chat/completions/chatcmpl-1"),
    ],
)
def test_earlier_answers_are_not_found(app: FlaskClient, method: str, path: str) -> None:
    reply = app.open(path, method=method)
    assert (reply.status_code, json.loads(reply.data)["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("depth", "statuses"), [(390, {200, 400}), (405, {400}), (3000, {400}), (100_000, {400})]
)
@pytest.mark.parametrize("strict", [False, True])
def test_what_is_nested_is_followed_alike_on_every_python(
    depth: int, statuses: set[int], *, strict: bool
) -> None:
    app = create_app(Settings(profile="instant", strict=strict)).test_client()
    for begin, end in (("[", "]"), ('{"a":', "}")):
        nested = begin * depth + ("" if begin == "[" else "1") + end * depth
        function = f'{{"name": "f", "strict": true, "parameters": {{"type": "object", "properties": {{"a": {nested}}}}}}}'
        for fields in (
            f'"x": {nested}',
            f'"tools": [{{"type": "function", "function": {function}}}]',
            f'"mock": {{"calls": [{{"name": "f", "arguments": {nested}}}]}}',
            f'"tool_choice": {nested}',
        ):
            body = json.dumps(BASES[CHAT])[:-1] + f", {fields}}}"
            assert app.post(CHAT, data=body).status_code in statuses
            if depth == 100_000:
                assert app.get("/mock/requests").status_code == 200
        assert app.post("/v1/conversations", data=f'{{"metadata": {nested}}}').status_code in statuses


@pytest.mark.parametrize("path", [CHAT, RESPONSES, "/v1/messages"])
def test_scripted_arguments_may_be_nested_without_end(app: FlaskClient, path: str) -> None:
    fields = {"messages": QUESTION, "max_tokens": 9} if path == "/v1/messages" else BASES[path]
    calls = [{"name": "f", "arguments": "[" * 100_000}]
    assert app.post(path, json={**fields, "model": "mock", "mock": {"calls": calls}}).status_code == 200


BLOCKS = {"type": "tool_result", "tool_use_id": "u", "content": [{"type": "text", "text": "x"}]}
USED = {"role": "assistant", "content": [{"type": "tool_use", "id": "u", "name": "f", "input": {}}]}
GEMINIS_BODY = {
    "contents": [
        *CONTENTS,
        {"role": "model", "parts": [GEMINIS_CALL]},
        {"role": "user", "parts": [RESULT]},
    ],
    "tools": GEMINIS_TOOLS,
    "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["get_time"]}},
    "generationConfig": {
        "responseMimeType": "application/json",
        "responseSchema": {"type": "ARRAY", "items": {"type": "STRING", "nullable": True}, "minItems": "1"},
        "thinkingConfig": {"includeThoughts": True},
    },
}
GEMINI = "/v1beta/models/mock:generateContent"


@pytest.mark.parametrize(
    ("path", "fields", "field"),
    [
        (
            "/v1/messages",
            {"max_tokens": 9, "messages": [*QUESTION, USED, {"role": "user", "content": [{**BLOCKS, "content": [5]}]}]},
            "messages.2.content.0.tool_result.content.0",
        ),
        ("/v1/conversations", {"items": [{"type": ["x"]}]}, "items[0].type"),
        ("/v1/conversations", {"items": [{"id": {}, "role": "user", "content": "x"}]}, "items[0].id"),
        (EMBEDDINGS, {"encoding_format": "base64", "mock": {"embedding": [1e300]}}, "embedding"),
        (
            GEMINI,
            {
                "contents": [{"parts": [{"text": "x"}]}],
                "tools": [{"functionDeclarations": [{"name": "f", "parameters": {"type": "STRING", "nullable": True, "enum": 5}}]}],
            },
            "function_declarations[0]",
        ),
    ],
)  # fmt: skip
def test_what_stands_deep_within_is_refused_by_name(
    app: FlaskClient, path: str, fields: dict[str, Any], field: str
) -> None:
    reply = app.post(path, json={**BASES.get(path, {"model": "mock"}), **fields})
    assert reply.status_code == 400
    assert field in json.dumps(reply.json["error"])


def test_strict_leaves_what_is_no_schema_to_others() -> None:
    strict = create_app(Settings(strict=True)).test_client()
    schema = {"type": "object", "properties": 5, "enum": True, "anyOf": 1}
    reply = strict.post(CHAT, json={**BASES[CHAT], "response_format": forms(schema, strict=True)})
    assert (reply.status_code, reply.json["error"]["param"]) == (400, "response_format")


def bodies() -> list[tuple[str, dict[str, Any]]]:
    return [
        (PATHS[case.method], {key: value for key, value in case.arguments.items() if key != "extra_body"})
        for case in CASES
        if case.method in PATHS
    ] + [
        (RESPONSES, {"model": "mock", "input": [{"role": "user", "content": FLAT_PICTURE}]}),
        ("/v1/conversations", {"items": [{"role": "user", "content": FLAT_PICTURE}], "metadata": {"a": "b"}}),
        *(("/v1/messages", case.arguments) for case in ANTHROPIC_CASES if case.method == "messages.create"),
        *[(GEMINI, GEMINIS_BODY)] * 5,
    ]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


def replaced(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    value = copy.copy(value)
    value[path[0]] = replaced(value[path[0]], path[1:], other)
    return value


junk = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=9), st.just([]), st.just({}), st.just([[]]), st.just([{}]), st.just({"type": "object"}),
    st.just({"$ref": "#"}), st.just("#/a"), st.just(["a", "a"]), st.just({"type": "function", "name": "f"}),
)  # fmt: skip


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.data())
def test_no_damage_makes_a_500(app: FlaskClient, data: st.DataObject) -> None:
    path, body = data.draw(st.sampled_from(bodies()))
    for _ in range(data.draw(st.integers(1, 2))):
        body = replaced(body, data.draw(st.sampled_from(list(places(body)))), data.draw(junk))
    reply = app.post(path, data=json.dumps(body))
    assert reply.status_code in (200, 400, 404), (reply.status_code, body)
    assert reply.data
    if reply.status_code != 200 and path in BASES:
        assert set(json.loads(reply.data)["error"]) == {"message", "type", "param", "code"}


@pytest.mark.parametrize(
    ("path", "fields", "said_in"),
    [
        (CHAT, {}, "messages"),
        (LEGACY, {}, "prompt"),
        (LEGACY, {"stream": True}, "prompt"),
        (RESPONSES, {}, "input"),
        (RESPONSES, {"stream": True}, "input"),
        (RESPONSES, {"background": True}, "input"),
        (EMBEDDINGS, {}, "input"),
        ("/v1/moderations", {"input": "x"}, "input"),
        ("/v1/responses/input_tokens", {"input": "x"}, "input"),
        ("/v1/responses/compact", {"input": "x"}, "input"),
    ],
)
@pytest.mark.parametrize("fault", ["context_length", "content_filter"])
def test_a_fault_of_the_prompt_names_where_it_stands(
    app: FlaskClient, path: str, fields: dict[str, Any], said_in: str, fault: str
) -> None:
    body = {**BASES.get(path, {}), **fields, "model": f"mock-{fault}"}
    error = app.post(path, json=body).get_json()["error"]
    assert (error["code"].startswith(fault), error["param"]) == (True, said_in)


@pytest.mark.parametrize("method", ["generateContent", "streamGenerateContent", "countTokens"])
def test_a_fault_of_geminis_prompt_names_its_contents(app: FlaskClient, method: str) -> None:
    path = f"/v1beta/models/mock-context_length:{method}"
    error = app.post(path, json={"contents": CONTENTS}).get_json()["error"]
    assert error["details"][0]["fieldViolations"][0]["field"] == "contents"
    assert error["message"].endswith("the length of the contents.")
