"""A ChatRequest → the JSON that the model's API is sent. Pure."""

from __future__ import annotations

from typing import Any

from webapp.chat import ChatRequest, Message, system_in_question
from webapp.upstream.questions.dialects import Dialect

ALWAYS = {"model", "messages", "stream"}
"""The fields without which there is no question."""


def payload_of(
    request: ChatRequest, messages: tuple[Message, ...], dialect: Dialect, *, is_streamed: bool = True
) -> dict[str, Any]:
    """Return the body of a request for an answer, by default a streamed one."""
    if not dialect.has_system:
        messages = system_in_question(messages)
    payload: dict[str, Any] = {
        "model": request.model,
        "messages": [{"role": message.role, "content": message.content} for message in messages],
        "stream": is_streamed,
    }
    if is_streamed:
        payload["stream_options"] = {"include_usage": True}
    if dialect.limit_name:
        payload[dialect.limit_name] = min(request.max_tokens, dialect.most_tokens or request.max_tokens)
    if request.temperature is not None:
        payload["temperature"] = request.temperature
    if request.reasoning_effort is not None:
        payload["reasoning_effort"] = request.reasoning_effort
    if messages[-1].role == "assistant":
        if dialect.continues:
            payload |= {"continue_final_message": True, "add_generation_prompt": False}
        if dialect.prefix:
            payload["messages"][-1]["prefix"] = True
    return {name: value for name, value in payload.items() if name in ALWAYS or name not in dialect.without}


def optional_fields(payload: dict[str, Any]) -> set[str]:
    """Return the fields that may be left out, should the server refuse them."""
    return (set(payload) - ALWAYS) | {"include_usage", *payload["messages"][-1]} - {"role", "content"}
