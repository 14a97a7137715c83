"""What `--strict` refuses of a body, and what it lets pass."""

import typing
from typing import Any

import anthropic
import pytest
from openai.types import ModerationCreateParams, chat, responses, shared_params
from openai.types.conversations import ConversationCreateParams

from mockllm.api.strictness import check_strictly
from mockllm.api.strictness.parameters import NESTED, PARAMETERS
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
        (CHAT, {"stream_options": {"include_usages": True}}, r"'stream_options\.include_usages'\."),
        (CHAT, {"messages": [{"role": "user"}, {"rôle": "x"}]}, r"Unknown parameter: 'messages\[1\]\.rôle'\."),
        (CHAT, {"messages": [{"content": [{"image_url": {"uri": "x"}}]}]}, r"'messages\[0\]\.content\[0\]\.image_url\.uri'"),
        (CHAT, {"tools": [{"type": "function", "name": "f"}]}, r"'tools\[0\]\.name'"),
        (CHAT, {"tools": [{"function": {"name": "f", "input_schema": {}}}]}, r"'tools\[0\]\.function\.input_schema'"),
        (CHAT, {"response_format": {"type": "json_schema", "schema": {}}}, r"'response_format\.schema'"),
        (RESPONSES, {"reasoning": {"efort": "low"}}, r"'reasoning\.efort'"),
        (RESPONSES, {"text": {"format": {"json_schema": {}}}}, r"'text\.format\.json_schema'"),
        (RESPONSES, {"input": [{"role": "user", "contents": "x"}]}, r"'input\[0\]\.contents'"),
        (RESPONSES, {"input": [{"role": "user", "content": [{"type": "input_text", "words": "x"}]}]}, r"'input\[0\]\.content\[0\]\.words'"),
        (RESPONSES, {"input": [{"type": "function_call", "input": "x"}]}, r"'input\[0\]\.input'"),
        (RESPONSES, {"tools": [{"type": "function", "function": {}}]}, r"'tools\[0\]\.function'"),
        (MESSAGES, {"messages": [{"role": "user", "name": "Ada"}]}, r"messages\[0\]\.name: Extra inputs"),
        (MESSAGES, {"messages": [{"content": [{"type": "text", "txt": "x"}]}]}, r"messages\[0\]\.content\[0\]\.text\.txt: Extra"),
        (MESSAGES, {"tools": [{"name": "f", "parameters": {}}]}, r"tools\[0\]\.custom\.parameters: Extra inputs"),
        (MESSAGES, {"thinking": {"budget": 1}}, r"thinking\.budget: Extra inputs"),
        (RESPONSES, {"model": "gpt-5", "temperature": 0.3}, "'temperature' is not supported with this model"),
        (RESPONSES, {"model": "o3", "top_p": 0.3}, "'top_p' is not supported"),
        (RESPONSES, {"model": "o3", "top_logprobs": 3}, "'top_logprobs' is not supported"),
        ("/v1/moderations", {"inputs": "x"}, "Unrecognized request argument supplied: inputs"),
        ("/v1/moderations", {"input": [{"type": "text", "words": "x"}]}, r"'input\[0\]\.words'"),
        ("/v1/responses/compact", {"tools": []}, "Unknown parameter: 'tools'"),
        ("/v1/responses/input_tokens", {"store": True}, "Unknown parameter: 'store'"),
        ("/v1/responses/input_tokens", {"reasoning": {"efort": "low"}}, r"'reasoning\.efort'"),
        ("/v1/messages/count_tokens", {"max_tokens": 9}, "max_tokens: Extra inputs"),
        ("/v1/messages/count_tokens", {"messages": [{"name": "x"}]}, r"messages\[0\]\.name: Extra inputs"),
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
        (CHAT, {"tools": "x", "response_format": 5, "messages": [5, {"content": [None, {"file": []}]}]}),
        (
            CHAT,
            {
                "messages": [
                    {"role": "assistant", "tool_calls": [{"id": "a", "type": "function", "function": {}}]}
                ]
            },
        ),
        (
            RESPONSES,
            {
                "tools": [{"type": "web_search", "anything": 1}],
                "input": [{"type": "shell_call", "anything": 1}],
            },
        ),
        (RESPONSES, {"input": [{"role": "user", "content": "Hi"}, {"type": "item_reference", "id": "x"}]}),
        (MESSAGES, {"tools": [{"type": "web_search_20250305", "name": "web_search", "max_uses": 5}]}),
        ("/v1/warp", {"anything": 1}),
        ("/v1/responses/input_tokens", {"input": "x", "conversation": "c", "tools": [], "mock": {}}),
        ("/v1/messages/count_tokens", {"messages": [], "thinking": {"type": "disabled"}}),
        (RESPONSES, {"model": "gpt-5", "temperature": 1, "top_p": None}),
        (RESPONSES, {"model": "gpt-4o", "temperature": 0.3}),
    ],
)
def test_it_lets_pass(path: str, fields: dict[str, Any]) -> None:
    check_strictly(path, {"model": "mock", **fields})


@pytest.mark.parametrize("given", [None, [], "x", 5])
def test_what_is_no_object_is_for_others_to_refuse(given: Any) -> None:
    check_strictly(CHAT, given)


@pytest.mark.parametrize(
    ("path", "place", "types"),
    [
        (CHAT, "stream_options", [chat.ChatCompletionStreamOptionsParam]),
        (CHAT, "tools[]", [chat.ChatCompletionFunctionToolParam, chat.ChatCompletionCustomToolParam]),
        (CHAT, "tools[].function", [shared_params.FunctionDefinition]),
        (CHAT, "response_format", [shared_params.ResponseFormatJSONSchema]),
        (
            CHAT,
            "messages[]",
            [
                chat.ChatCompletionUserMessageParam,
                chat.ChatCompletionAssistantMessageParam,
                chat.ChatCompletionToolMessageParam,
            ],
        ),
        (RESPONSES, "reasoning", [shared_params.Reasoning]),
        (RESPONSES, "text", [responses.ResponseTextConfigParam]),
        (RESPONSES, "text.format", [responses.ResponseFormatTextJSONSchemaConfigParam]),
        (RESPONSES, "prompt", [responses.ResponsePromptParam]),
        (RESPONSES, "tools[]=function", [responses.FunctionToolParam]),
        (RESPONSES, "tools[]=custom", [responses.CustomToolParam]),
        (RESPONSES, "input[]=function_call", [responses.ResponseFunctionToolCallParam]),
        (RESPONSES, "input[]=function_call_output", [responses.response_input_item_param.FunctionCallOutput]),
        (RESPONSES, "input[]=custom_tool_call", [responses.ResponseCustomToolCallParam]),
        (RESPONSES, "input[]=custom_tool_call_output", [responses.ResponseCustomToolCallOutputParam]),
        (RESPONSES, "input[]=reasoning", [responses.ResponseReasoningItemParam]),
        (
            RESPONSES,
            "input[]=message",
            [responses.EasyInputMessageParam, responses.ResponseOutputMessageParam],
        ),
        (RESPONSES, "input[].content[]=input_text", [responses.ResponseInputTextParam]),
        (RESPONSES, "input[].content[]=input_image", [responses.ResponseInputImageParam]),
        (RESPONSES, "input[].content[]=input_file", [responses.ResponseInputFileParam]),
        (RESPONSES, "input[].content[]=output_text", [responses.ResponseOutputTextParam]),
        (MESSAGES, "tools[]=custom", [anthropic.types.ToolParam]),
        (MESSAGES, "thinking", typing.get_args(anthropic.types.ThinkingConfigParam)),
        (MESSAGES, "tool_choice", typing.get_args(anthropic.types.ToolChoiceParam)),
        (MESSAGES, "output_config", [anthropic.types.OutputConfigParam]),
        (MESSAGES, "metadata", [anthropic.types.MetadataParam]),
        (MESSAGES, "messages[]", typing.get_args(anthropic.types.MessageParam)),
        (MESSAGES, "messages[].content[]=text", [anthropic.types.TextBlockParam]),
        (MESSAGES, "messages[].content[]=image", [anthropic.types.ImageBlockParam]),
        (MESSAGES, "messages[].content[]=document", [anthropic.types.DocumentBlockParam]),
        (MESSAGES, "messages[].content[]=tool_use", [anthropic.types.ToolUseBlockParam]),
        (MESSAGES, "messages[].content[]=tool_result", [anthropic.types.ToolResultBlockParam]),
    ],
)
def test_what_the_vendors_client_can_send_is_known(path: str, place: str, types: list[Any]) -> None:
    assert set().union(*(typing.get_type_hints(each) for each in types)) <= NESTED[path][place]


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/v1/conversations", {"foo": 1}, "Unknown parameter: 'foo'"),
        ("/v1/conversations", {"items": [{"role": "user", "contents": "x"}]}, r"'items\[0\]\.contents'"),
        ("/v1/conversations/conv_1", {"items": []}, "Unknown parameter: 'items'"),
        ("/v1/conversations/conv_1/items", {"metadata": {}}, "Unknown parameter: 'metadata'"),
        ("/v1/chat/completions/chatcmpl-1", {"foo": 1}, "Unrecognized request argument supplied: foo"),
    ],
)
def test_it_refuses_of_what_is_kept(path: str, body: dict[str, Any], words: str) -> None:
    with pytest.raises(ApiError, match=words):
        check_strictly(path, body)
    check_strictly("/v1/conversations", {"items": [{"role": "user", "content": "x"}], "metadata": {}})


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/v1/responses/compact", responses.ResponseCompactParams),
        ("/v1/responses/input_tokens", responses.InputTokenCountParams),
        ("/v1/conversations", ConversationCreateParams),
        ("/v1/moderations", ModerationCreateParams),
        ("/v1/messages/count_tokens", anthropic.types.MessageCountTokensParams),
    ],
)
def test_the_parameters_are_those_of_the_vendors_client(path: str, kind: Any) -> None:
    assert set(typing.get_type_hints(kind)) <= PARAMETERS[path]
