"""Chat completions: a request to the reply that it gets. Pure."""

from collections.abc import Sequence
from typing import Any

from mockllm.api.answering import complete
from mockllm.api.chat.chunks import ChatChunks, call_key
from mockllm.api.chat.logprobs import ChatLogprobs
from mockllm.api.chat.messages import turns_of
from mockllm.api.chat.request import ChatRequest, ask_of, parse
from mockllm.api.timed_reply import streamed, unstreamed
from mockllm.api.wire import DONE, Stamp, encode, usage
from mockllm.rules import Knobs
from mockllm.values import Choice, Completion, Reply, Turn

__all__ = ["parse", "reply", "turns"]


def turns(request: ChatRequest) -> Sequence[Turn]:
    """List what was said so far. Raises ApiError for messages that contradict each other."""
    return turns_of(request.messages)


def reply(request: ChatRequest, knobs: Knobs, stamp: Stamp) -> Reply:
    """Plan the answer. Raises ApiError for a request that contradicts itself."""
    completion = complete(ask_of(request), knobs)
    logprobs = ChatLogprobs(knobs.seed, request.top_logprobs or 0) if request.logprobs else None
    if not request.stream:
        return unstreamed(completion, knobs, whole_body(completion, stamp, logprobs))
    options = request.stream_options
    include_usage = bool(options and options.include_usage)
    chunks = ChatChunks(
        stamp,
        include_usage=include_usage,
        include_obfuscation=not (options and options.include_obfuscation is False),
        logprobs=logprobs,
    )
    steps = [chunks.steps(index, choice) for index, choice in enumerate(completion.choices)]
    tail = [chunks.usage(completion), DONE] if include_usage else [DONE]
    return streamed(completion, knobs, steps, tail=tail)


def whole_body(completion: Completion, stamp: Stamp, logprobs: ChatLogprobs | None = None) -> bytes:
    """Write the answer that an unstreamed chat completion gets."""
    choices = [
        {
            "index": index,
            "message": _message(index, choice, stamp),
            "logprobs": _logprobs(choice, logprobs) if logprobs else None,
            "finish_reason": choice.finish_reason,
        }
        for index, choice in enumerate(completion.choices)
    ]
    return encode(
        {
            "id": f"chatcmpl-{stamp.key[:29]}",
            "object": "chat.completion",
            "created": stamp.created,
            "model": stamp.model,
            "choices": choices,
            "usage": usage(completion),
            "service_tier": stamp.service_tier,
            "system_fingerprint": stamp.fingerprint,
        }
    )


def _message(index: int, choice: Choice, stamp: Stamp) -> dict[str, Any]:
    refusal, calls = choice.said("refusal"), choice.calls
    message: dict[str, Any] = {
        "role": "assistant",
        "content": None if calls or refusal is not None else choice.text,
        "refusal": refusal,
        "annotations": [],
    }
    if calls:
        message["tool_calls"] = [
            {
                "id": call_key(stamp, index, number),
                "type": "function",
                "function": {"name": call.name, "arguments": call.text},
            }
            for number, call in enumerate(calls)
        ]
    if (reasoning := choice.said("reasoning")) is not None:
        message["reasoning_content"] = reasoning
    return message


def _logprobs(choice: Choice, logprobs: ChatLogprobs) -> dict[str, Any]:
    rated = {
        part.kind: list(logprobs.of(part, stream=False))
        for part in choice.parts
        if part.kind in ("content", "refusal")
    }
    return {"content": rated.get("content"), "refusal": rated.get("refusal")}
