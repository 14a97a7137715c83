"""The objects of an answer, in order: one Start, any number of Delta, exactly one of Done or Failure."""

from __future__ import annotations

from typing import Final, TypeAlias

import msgspec


class Usage(msgspec.Struct, frozen=True, gc=False):
    """What an answer cost, in tokens, as the model counts them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class Start(msgspec.Struct, frozen=True, tag="start", tag_field="type"):
    """Leaves before the upstream is asked."""

    id: str
    model: str


class Delta(msgspec.Struct, frozen=True, tag="delta", tag_field="type"):
    """The text of one or several chunks; never empty."""

    text: str


class Timing(msgspec.Struct, frozen=True):
    """Milliseconds: from the request's arrival, and from asking the upstream. None if there was no text."""

    first_token_ms: float | None
    total_ms: float
    upstream_first_token_ms: float | None


class Done(msgspec.Struct, frozen=True, tag="done", tag_field="type", omit_defaults=True):
    """The answer is whole, or `interrupted` by us for the `reason` given."""

    finish_reason: str
    usage: Usage | None
    timing: Timing
    reason: str | None = None


class Failure(msgspec.Struct, frozen=True, tag="error", tag_field="type"):
    """The answer broke off. What was sent before it stands."""

    code: str
    message: str
    retryable: bool
    request_id: str


class Heartbeat(msgspec.Struct, frozen=True):
    """The upstream is silent and the stream lives."""


HEARTBEAT: Final = Heartbeat()

Event: TypeAlias = Start | Delta | Done | Failure | Heartbeat
