"""The objects of an answer, in order: one Start, any number of Delta, exactly one of Done or Failure.

Reasoning may stand between Start and the end, any number of times.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import msgspec


class Usage(msgspec.Struct, frozen=True, gc=False):
    """What an answer cost, in tokens, as the model counts them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    reasoning_tokens: int | msgspec.UnsetType = msgspec.UNSET
    """What the model thought with, where it says so: a part of the completion, or beside it in the total."""


class Start(msgspec.Struct, frozen=True, tag="start", tag_field="type", omit_defaults=True):
    """Leaves before the upstream is asked."""

    id: str
    model: str
    dropped_messages: int = 0
    """How many of the oldest were left out, because the conversation is too long; left out if none was."""


class Reasoning(msgspec.Struct, frozen=True, tag="reasoning", tag_field="type"):
    """What the model lets see of its thinking; empty where that is kept back, as a sign of life."""

    text: str


class Delta(msgspec.Struct, frozen=True, tag="delta", tag_field="type"):
    """The text of one or several chunks; never empty."""

    text: str


class Timing(msgspec.Struct, frozen=True, omit_defaults=True):
    """Milliseconds: from the request's arrival, and from asking the upstream. None if there was no text."""

    first_token_ms: float | None
    total_ms: float
    upstream_first_token_ms: float | None
    first_reasoning_ms: float | None = None
    """From the request's arrival; left out if the model showed no thinking."""


class Done(msgspec.Struct, frozen=True, tag="done", tag_field="type", omit_defaults=True):
    """The answer is whole, or `interrupted` by us for the `reason` given."""

    finish_reason: str
    usage: Usage | None
    timing: Timing
    reason: str | None = None
    dropped_messages: int = 0
    """How many of the oldest the answer knows nothing of: beside those of Start, what the model's API had no
    room for; left out if there are none."""


class Failure(msgspec.Struct, frozen=True, tag="error", tag_field="type", omit_defaults=True):
    """The answer broke off. What was sent before it stands."""

    code: str
    message: str
    retryable: bool
    request_id: str
    retry_after_seconds: int | None = None
    """How long the model's API asks to wait; left out if it does not."""


class Heartbeat(msgspec.Struct, frozen=True):
    """The upstream is silent and the stream lives."""


HEARTBEAT: Final = Heartbeat()

Event: TypeAlias = Start | Reasoning | Delta | Done | Failure | Heartbeat
