"""What `--strict` refuses of a body, and what it lets pass."""

from typing import Any

import pytest

from mockllm.api.strictness import check_strictly
from mockllm.values.errors import ApiError

CHAT, RESPONSES, MESSAGES = "/v1/chat/completions", "/v1/responses", "/v1/messages"


def nested(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        inner = {"type": "object", "properties": {"a": inner}}
    return inner


def formatted(schema: dict[str, Any], strict: bool = True) -> dict[str, Any]:
    described = {"name": "x", "schema": schema, "strict": strict}
    return {"response_format": {"type": "json_schema", "json_schema": described}}


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        (CHAT, {"temprature": 1}, "Unrecognized request argument supplied: temprature"),
        (CHAT, {"a": 1, "b": 2}, "Unrecognized request arguments supplied: a, b"),
        (RESPONSES, {"messages": []}, "Unknown parameter: 'messages'."),
        (MESSAGES, {"n": 1}, "n: Extra inputs are not permitted"),
        (CHAT, {"model": "o3", "max_tokens": 9}, "'max_tokens' is not supported.* 'max_completion_tokens'"),
        (CHAT, {"model": "gpt-5.2", "temperature": 0.5}, "'temperature' does not support 0.5"),
        (CHAT, {"model": "o4-mini", "logprobs": True}, "'logprobs' is not supported"),
        (CHAT, {"model": "gpt-5", "stop": "x"}, "'stop' is not supported"),
        (CHAT, formatted(nested(11)), "more than 10 levels"),
        (CHAT, formatted({"type": "object", "allOf": []}), "'allOf' is not permitted"),
        (CHAT, formatted({"anyOf": [{"type": "object"}]}), "not permitted at the root"),
        (CHAT, formatted({"type": "string", "enum": [str(each) for each in range(1001)]}), "1000 enum values"),
        (CHAT, {"tools": [{"type": "function", "function": {"strict": True, "parameters": nested(11)}}]}, "tools"),
        (RESPONSES, {"tools": [{"type": "function", "strict": True, "parameters": nested(11)}]}, "tools"),
        (RESPONSES, {"text": {"format": {"type": "json_schema", "strict": True, "schema": nested(11)}}}, "text"),
    ],
)  # fmt: skip
def test_it_refuses(path: str, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ApiError, match=words) as caught:
        check_strictly(path, {"model": "mock", **fields})
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (CHAT, {"mock": {"text": "x"}, "max_tokens": 9, "temperature": 0.5}),
        (CHAT, {"model": "gpt-5-chat-latest", "max_tokens": 9, "temperature": 0.5}),
        (CHAT, {"model": "o3", "max_completion_tokens": 9, "temperature": 1}),
        (CHAT, formatted(nested(9))),
        (CHAT, formatted(nested(11), strict=False)),
        (CHAT, {"tools": "x", "response_format": 5}),
        ("/v1/responses/input_tokens", {"anything": 1}),
    ],
)
def test_it_lets_pass(path: str, fields: dict[str, Any]) -> None:
    check_strictly(path, {"model": "mock", **fields})


@pytest.mark.parametrize("given", [None, [], "x", 5])
def test_what_is_no_object_is_for_others_to_refuse(given: Any) -> None:
    check_strictly(CHAT, given)
