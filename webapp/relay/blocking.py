"""The events of an answer → one object when it is whole: the blocking mode. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from webapp.chat import (
    UPSTREAM_OUTCOMES,
    ChatError,
    Delta,
    Done,
    Event,
    Failure,
    Reasoning,
    Start,
    Timing,
    Usage,
)


class WholeAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer that nobody saw growing: whole, or `interrupted` by us for the `reason` given."""

    id: str
    model: str
    text: str
    finish_reason: str
    usage: Usage | None
    timing: Timing
    reason: str | None = None
    reasoning: str | None = None
    """What the model let see of its thinking; left out if that was nothing."""
    dropped_messages: int = 0
    """As Done has it."""


def whole_answer(events: Iterable[Event]) -> WholeAnswer:
    """Wait for the end of an answer. Raises ChatError if it failed: a part of a text is not an answer.

    Its first token, if there is one, reaches the caller with the last: `timing.first_token_ms` is the total.
    """
    texts: list[str] = []
    thoughts: list[str] = []
    start = Start("", "")
    for event in events:
        match event:
            case Start():
                start = event
            case Delta(text=text):
                texts.append(text)
            case Reasoning(text=text):
                thoughts.append(text)
            case Failure():
                raise _as_error(event)
            case Done():
                timing = event.timing
                if timing.first_token_ms is not None:
                    timing = msgspec.structs.replace(timing, first_token_ms=timing.total_ms)
                text = "".join(texts)
                return WholeAnswer(
                    start.id,
                    start.model,
                    text,
                    event.finish_reason,
                    event.usage,
                    timing,
                    event.reason,
                    "".join(thoughts) or None,
                    event.dropped_messages,
                )
            case _:
                pass
    raise AssertionError("an answer ends with Done or Failure")


def _as_error(failure: Failure) -> ChatError:
    outcome = UPSTREAM_OUTCOMES.get(failure.code)
    status = outcome.status if outcome else 500
    return ChatError(
        failure.code,
        failure.message,
        status=status,
        retryable=failure.retryable,
        retry_after_seconds=failure.retry_after_seconds,
    )
