"""A chunk that holds nothing but what OpenAI documents, read by types; what holds more is for `tolerant`.

That is how an answer begins and ends: a role, a finish_reason, a usage. Read tolerantly, they cost a request
as much as 25 of its tokens.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class _Delta(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """What is new. A refusal and calls of tools are not for here."""

    role: str | None = None
    content: str | None = None
    reasoning_content: str | None = None
    refusal: None = None
    tool_calls: None = None
    function_call: None = None


class _Choice(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """The choice that was asked for, and no other."""

    delta: _Delta
    index: Literal[0] = 0
    finish_reason: str | None = None
    logprobs: None = None


class Frame(msgspec.Struct, forbid_unknown_fields=True):
    """One chunk. An error, or a field without a name here, may say something of the answer."""

    choices: list[_Choice]
    object: Literal["chat.completion.chunk"]
    usage: dict[str, Any] | None = None
    error: None = None
    id: str | None = None
    created: float | None = None
    model: str | None = None
    service_tier: str | None = None
    system_fingerprint: str | None = None
    obfuscation: str | None = None


_decode = msgspec.json.Decoder(Frame).decode


def documented(data: bytes) -> Frame | None:
    """Return the chunk, None if it holds anything else."""
    try:
        frame = _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return frame if len(frame.choices) <= 1 else None
