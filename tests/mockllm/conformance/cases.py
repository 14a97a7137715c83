"""One request for each thing the mock can say; together they reach every shape of its answers."""

from dataclasses import dataclass, field
from typing import Any

QUESTION = [{"role": "user", "content": "What is the weather in Paris?"}]
SCHEMA = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "days": {"type": "integer", "minimum": 1, "maximum": 7},
        "unit": {"type": ["string", "null"], "enum": ["celsius", "fahrenheit", None]},
    },
    "required": ["city", "days", "unit"],
    "additionalProperties": False,
}
FUNCTION = {"name": "get_weather", "description": "Look up a forecast", "parameters": SCHEMA, "strict": True}
CLOCK = {"name": "get_time", "parameters": {"type": "object", "properties": {"zone": {"type": "string"}}}}
TOOLS = [{"type": "function", "function": FUNCTION}, {"type": "function", "function": CLOCK}]
CALLED = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "get_weather", "arguments": '{"city":"Paris"}'},
}
TOLD = [
    *QUESTION,
    {"role": "assistant", "content": None, "tool_calls": [CALLED]},
    {"role": "tool", "tool_call_id": "call_1", "content": "18 degrees and sunny"},
]
PICTURE = [
    {"type": "text", "text": "What is this?"},
    {"type": "image_url", "image_url": {"url": "https://example.com/cat.png", "detail": "low"}},
]
ATTACHED = [
    {"type": "file", "file": {"file_id": "file_1"}},
    {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
]
FLAT_TOOLS = [{"type": "function", **FUNCTION}, {"type": "function", "strict": False, **CLOCK}]
ITEMS = [
    {"role": "user", "content": [{"type": "input_text", "text": "What is the weather in Paris?"}]},
    {"type": "function_call", "call_id": "call_1", "name": "get_weather", "arguments": '{"city":"Paris"}'},
    {"type": "function_call_output", "call_id": "call_1", "output": "18 degrees and sunny"},
]
FLAT_PICTURE = [
    {"type": "input_text", "text": "What is this?"},
    {"type": "input_image", "image_url": "data:image/png;base64,iVBORw0K", "detail": "high"},
]


@dataclass(frozen=True)
class Case:
    """A call of the SDK: the method's path from the client, and its arguments."""

    method: str
    about: str
    arguments: dict[str, Any] = field(default_factory=dict)
    vendor: str = "openai"

    @property
    def name(self) -> str:
        return (
            f"{self.vendor} {self.method} {self.about}{' streamed' if self.arguments.get('stream') else ''}"
        )


def mock(**knobs: Any) -> dict[str, Any]:
    return {"extra_body": {"mock": knobs}}


def both(
    method: str, about: str, defaults: dict[str, Any], arguments: dict[str, Any], vendor: str = "openai"
) -> list[Case]:
    """Ask for the same whole and streamed."""
    whole = {**defaults, **arguments}
    return [Case(method, about, whole, vendor), Case(method, about, {**whole, "stream": True}, vendor)]


def _cases(method: str, defaults: dict[str, Any], requests: dict[str, dict[str, Any]]) -> list[Case]:
    return [
        case for about, arguments in requests.items() for case in both(method, about, defaults, arguments)
    ]


CHAT = _cases(
    "chat.completions.create",
    {"model": "mock-tokens12", "messages": QUESTION},
    {
        "text": {},
        "three choices": {"n": 3},
        "stop word": {"model": "mock", "stop": ["the", " and"]},
        "cut by max_completion_tokens": {"max_completion_tokens": 5},
        "content_filter in the middle": {"model": "mock-tokens12-content_filter@5"},
        "logprobs": {"logprobs": True},
        "top_logprobs": {"logprobs": True, "top_logprobs": 5},
        "call of a tool": {"tools": TOOLS},
        "parallel calls": {"tools": TOOLS, "tool_choice": "required", **mock(calls=3)},
        "a named tool": {"tools": TOOLS, "tool_choice": {"type": "function", "function": {"name": "get_time"}}},
        "allowed tools": {
            "tools": TOOLS,
            "tool_choice": {
                "type": "allowed_tools",
                "allowed_tools": {"mode": "required", "tools": [{"type": "function", "function": {"name": "get_time"}}]},
            },
        },
        "a tool's result": {"model": "mock", "messages": TOLD, "tools": TOOLS},
        "JSON object": {
            "messages": [{"role": "user", "content": "Answer in JSON"}],
            "response_format": {"type": "json_object"},
        },
        "JSON schema": {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "forecast", "schema": SCHEMA, "strict": True},
            }
        },
        "refusal": mock(refusal=True),
        "refusal with logprobs": {"logprobs": True, **mock(refusal=True)},
        "image": {"messages": [{"role": "user", "content": PICTURE}]},
        "file and sound": {"messages": [{"role": "user", "content": ATTACHED}]},
        "priority tier": {"service_tier": "priority"},
        "continued text": {"messages": [*QUESTION, {"role": "assistant", "content": "The"}]},
        "reasoning_content": mock(reasoning=6),
    },
)  # fmt: skip
CHAT_STREAMS = [
    Case(
        "chat.completions.create",
        about,
        {"model": "mock-tokens12", "messages": QUESTION, "stream": True, "stream_options": options},
    )
    for about, options in {
        "with usage": {"include_usage": True},
        "without obfuscation": {"include_obfuscation": False},
    }.items()
]
COMPLETIONS = _cases(
    "completions.create",
    {"model": "mock", "prompt": "Once upon a time"},
    {
        "text": {},
        "echo, suffix and logprobs": {"echo": True, "suffix": "The end.", "logprobs": 3, "max_tokens": 5},
        "prompts times n": {"prompt": ["One", "Two"], "n": 2, "max_tokens": 4},
        "token prompts": {"prompt": [[1, 2, 3], [4]]},
        "usage": {"stream_options": {"include_usage": True}},
    },
)
RESPONSES = _cases(
    "responses.create",
    {"model": "mock-tokens20", "input": "What is the weather in Paris?"},
    {
        "text": {"instructions": "Be brief.", "metadata": {"a": "b"}, "temperature": 0.5},
        "items with a tool's result": {"model": "mock", "input": ITEMS, "tools": FLAT_TOOLS},
        "call of a tool": {"tools": FLAT_TOOLS},
        "parallel calls": {"tools": FLAT_TOOLS, "tool_choice": "required", **mock(calls=2)},
        "a named tool": {"tools": FLAT_TOOLS, "tool_choice": {"type": "function", "name": "get_time"}},
        "silent reasoning": mock(reasoning=5),
        "reasoning summary": {"reasoning": {"effort": "low", "summary": "auto"}, **mock(reasoning=5)},
        "reasoning, then a call": {"tools": FLAT_TOOLS, **mock(reasoning=5)},
        "cut by max_output_tokens": {"max_output_tokens": 16},
        "cut while it reasons": {"max_output_tokens": 16, **mock(reasoning=30)},
        "content_filter in the middle": {"model": "mock-content_filter@5"},
        "refusal": mock(refusal=True),
        "JSON schema": {
            "text": {"format": {"type": "json_schema", "name": "forecast", "schema": SCHEMA, "strict": True}}
        },
        "logprobs": {"include": ["message.output_text.logprobs"], "top_logprobs": 3},
        "image": {"input": [{"role": "user", "content": FLAT_PICTURE}]},
    },
)
EMBEDDINGS = [
    Case("embeddings.create", about, {"model": "text-embedding-3-small", **arguments})
    for about, arguments in {
        "text": {"input": "rivers"},
        "floats, several texts": {"input": ["rivers", "seas"], "encoding_format": "float"},
        "tokens": {"input": [[1, 2], [3]], "encoding_format": "float"},
        "dimensions": {"input": "rivers", "dimensions": 64, "encoding_format": "float"},
    }.items()
]
MODERATIONS = [
    Case("moderations.create", "texts", {"input": ["a river", "violence"]}),
    Case("responses.compact", "text", {"model": "mock", "input": "a river"}),
    Case("responses.input_tokens.count", "text", {"model": "mock", "input": "a river"}),
]
MODELS = [Case("models.list", "all"), Case("models.retrieve", "one", {"model": "mock"})]
CASES = [
    *CHAT,
    *CHAT_STREAMS,
    *(case for case in COMPLETIONS if "stream_options" not in case.arguments or "stream" in case.arguments),
    *RESPONSES,
    *EMBEDDINGS,
    *MODERATIONS,
    *MODELS,
]
