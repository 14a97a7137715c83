"""One request for each thing the mock can say in Anthropic's Messages API."""

from tests.mockllm.conformance.cases import SCHEMA, Case, both, mock

QUESTION = [{"role": "user", "content": "What is the weather in Paris?"}]
TOOLS = [
    {"name": "get_weather", "description": "Look up a forecast", "input_schema": SCHEMA},
    {"name": "get_time", "input_schema": {"type": "object", "properties": {"zone": {"type": "string"}}}},
]
CALLED = {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Paris"}}
TOLD = [
    *QUESTION,
    {"role": "assistant", "content": [{"type": "text", "text": "Let me look."}, CALLED]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "18 degrees"}]},
]
PICTURE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0K"}}
PAPER = {"type": "document", "source": {"type": "url", "url": "https://example.com/a.pdf"}}
CACHED = {"type": "text", "text": "A long story. " * 600, "cache_control": {"type": "ephemeral"}}

MESSAGES = [
    case
    for about, arguments in {
        "text": {"system": "Be brief.", "metadata": {"user_id": "u"}},
        "call of a tool": {"tools": TOOLS},
        "parallel calls": {"tools": TOOLS, "tool_choice": {"type": "any"}, **mock(calls=3)},
        "a named tool": {"tools": TOOLS, "tool_choice": {"type": "tool", "name": "get_time"}},
        "a tool's result": {"messages": TOLD, "tools": TOOLS},
        "a tool of the server's": {"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
        "thinking": {"thinking": {"type": "enabled", "budget_tokens": 1024}},
        "thinking that is left out": {"thinking": {"type": "adaptive", "display": "omitted"}},
        "thinking, then a call": {"tools": TOOLS, "thinking": {"type": "adaptive"}, **mock(reasoning=5)},
        "cut by max_tokens": {"max_tokens": 5},
        "cut while it thinks": {"max_tokens": 5, **mock(reasoning=30)},
        "stop sequence": {"model": "mock", "stop_sequences": ["the", " and"]},
        "refusal": mock(refusal=True),
        "stopped in the middle": {"model": "mock-content_filter@5"},
        "JSON schema": {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}},
        "image and document": {"messages": [{"role": "user", "content": [PICTURE, PAPER]}]},
        "cached prompt": {"system": [CACHED]},
        "continued text": {"messages": [*QUESTION, {"role": "assistant", "content": "The"}]},
    }.items()
    for case in both(
        "messages.create",
        about,
        {"model": "mock-tokens12", "max_tokens": 2000, "messages": QUESTION},
        arguments,
        vendor="anthropic",
    )
]
ANTHROPIC_CASES = [
    *MESSAGES,
    Case(
        "messages.count_tokens",
        "text and tools",
        {"model": "mock", "messages": TOLD, "tools": TOOLS},
        "anthropic",
    ),
    Case("models.list", "all", vendor="anthropic"),
    Case("models.retrieve", "one", {"model_id": "mock"}, "anthropic"),
]
