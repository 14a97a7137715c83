"""A chat completion in one piece. Pure."""

from typing import Any

from mockllm.api.chat.chunks import call_key, called_as, completion_key
from mockllm.api.chat.logprobs import ChatLogprobs
from mockllm.api.wire import Stamp, usage
from mockllm.values import Choice, Completion, Part


def whole_body(
    completion: Completion,
    stamp: Stamp,
    logprobs: ChatLogprobs | None = None,
    customs: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Write the answer that an unstreamed chat completion gets; `customs` names its custom tools."""
    choices = [
        {
            "index": index,
            "message": _message(index, choice, stamp, customs),
            "logprobs": _logprobs(choice, logprobs) if logprobs else None,
            "finish_reason": choice.finish_reason,
        }
        for index, choice in enumerate(completion.choices)
    ]
    return {
        "id": completion_key(stamp),
        "object": "chat.completion",
        "created": stamp.created,
        "model": stamp.model,
        "choices": choices,
        "usage": usage(completion),
        "service_tier": stamp.service_tier,
        "system_fingerprint": stamp.fingerprint,
    }


def _message(index: int, choice: Choice, stamp: Stamp, customs: frozenset[str]) -> dict[str, Any]:
    refusal, calls = choice.said("refusal"), choice.calls
    message: dict[str, Any] = {
        "role": "assistant",
        "content": None if refusal is not None else choice.said("content") if calls else choice.text,
        "refusal": refusal,
        "annotations": [],
    }
    if calls:
        message["tool_calls"] = [
            _call(call, call_key(stamp, index, number), customs) for number, call in enumerate(calls)
        ]
    if (reasoning := choice.said("reasoning")) is not None:
        message["reasoning_content"] = reasoning
    return message


def _call(call: Part, key: str, customs: frozenset[str]) -> dict[str, Any]:
    kind, told = called_as(call, customs)
    return {"id": key, "type": kind, kind: {"name": call.name, told: call.text}}


def _logprobs(choice: Choice, logprobs: ChatLogprobs) -> dict[str, Any]:
    rated = {
        part.kind: list(logprobs.of(part, stream=False))
        for part in choice.parts
        if part.kind in ("content", "refusal")
    }
    return {"content": rated.get("content"), "refusal": rated.get("refusal")}
