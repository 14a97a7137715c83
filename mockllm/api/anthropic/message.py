"""The message object: what it says, why it ends, what it is billed at. Pure."""

from typing import Any

import msgspec

from mockllm.api.wire import Stamp
from mockllm.values import Choice, Completion, Part

_STOP_REASONS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "content_filter": "refusal",
}


def unfinished(completion: Completion, stamp: Stamp) -> dict[str, Any]:
    """Write the message as it is before its first token."""
    return {
        "model": stamp.model,
        "id": f"msg_01{stamp.key[:22]}",
        "type": "message",
        "role": "assistant",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
        "usage": {**_usage(completion), "output_tokens": 1},
    }


def finished(
    begun: dict[str, Any], completion: Completion, stamp: Stamp, *, shows_thoughts: bool
) -> dict[str, Any]:
    choice = completion.choices[0]
    blocks = [
        block(index, part, stamp, shows_thoughts=shows_thoughts) for index, part in enumerate(choice.parts)
    ]
    return {**begun, "content": blocks, **ending(choice), "usage": _usage(completion)}


def block(index: int, part: Part, stamp: Stamp, *, shows_thoughts: bool = True) -> dict[str, Any]:
    """Write a block as it is when nothing more is added to it."""
    if part.kind == "reasoning":
        thinking = part.text if shows_thoughts else ""
        return {"type": "thinking", "thinking": thinking, "signature": signature(index, stamp)}
    if part.kind == "call":
        return {
            "type": "tool_use",
            "id": f"toolu_01{stamp.part_key('call', 0, index)[:22]}",
            "name": part.name,
            "input": _input(part.text),
            "caller": {"type": "direct"},
        }
    return {"type": "text", "text": part.text}


def ending(choice: Choice) -> dict[str, Any]:
    """Say why a message ends."""
    reason = _STOP_REASONS[choice.finish_reason]
    refusal = choice.said("refusal")
    if refusal is not None and reason == "end_turn":
        reason = "refusal"
    if choice.stop is not None:
        reason = "stop_sequence"
    details = {"type": "refusal", "category": None, "explanation": refusal} if reason == "refusal" else None
    return {"stop_reason": reason, "stop_sequence": choice.stop, "stop_details": details}


def last_usage(completion: Completion) -> dict[str, Any]:
    """Bill a streamed message at its end."""
    left_out = ("cache_creation", "service_tier", "inference_geo")
    return {name: value for name, value in _usage(completion).items() if name not in left_out}


def signature(index: int, stamp: Stamp) -> str:
    """Sign a thought; whoever sends it back need not be believed."""
    return f"Er{stamp.part_key('thought', index)}{stamp.part_key('signature', index)}=="


def _usage(completion: Completion) -> dict[str, Any]:
    return {
        "input_tokens": completion.prompt_tokens - completion.cached_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": completion.cached_tokens,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        "output_tokens": completion.completion_tokens,
        "output_tokens_details": {"thinking_tokens": completion.reasoning_tokens},
        "service_tier": "standard",
        "inference_geo": "not_available",
    }


def _input(arguments: str) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(arguments or "{}")
    except (msgspec.DecodeError, RecursionError):
        value = None
    # The name under which Anthropic's documents tell clients to send back arguments that are no JSON.
    return value if isinstance(value, dict) else {"INVALID_JSON": arguments}
