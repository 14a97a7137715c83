"""The tokens of one answer: reserved before it begins, settled when it ends by what was used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from webapp.chat import ChatRequest, Delta, Done, Event, Failure, Start, Usage

if TYPE_CHECKING:
    from webapp.limits.counters import Count

BYTES_A_TOKEN = 4
"""An estimate for where the model has not counted: about what English has. Other languages have fewer
characters to a token, but more bytes to a character."""
TOKENS_A_MESSAGE = 4
"""What marks a message's role and end."""
MOST_FACTOR = 10
"""How many times its reservation an answer may be charged: a usage beyond it is a mistake of who counted."""
SILENT = {"upstream_first_token_timeout", "upstream_total_timeout"}
"""Failures before which a model may have thought without a sign of it."""
FREE = {
    "content_filtered",
    "context_length_exceeded",
    "upstream_connect_timeout",
    "upstream_failed",
    "upstream_key_refused",
    "upstream_model_unknown",
    "upstream_not_an_api",
    "upstream_not_found",
    "upstream_overloaded",
    "upstream_quota_exceeded",
    "upstream_rate_limited",
    "upstream_refused",
    "upstream_unreachable",
}
"""Failures for which no vendor charges, where nothing came before them."""


class Seen(Protocol):
    """What has passed of an answer, as its relay knows it."""

    reasoning_bytes: int
    """Of thinking, be it shown or kept back."""
    usage: Usage | None
    """The last that the model said, be the answer whole or not."""


class Meter:
    """What one answer uses of the tokens that `counts` hold reserved for it."""

    def __init__(self, prompt_tokens: int, reserved: int, counts: Sequence[Count]) -> None:
        self._prompt_tokens = prompt_tokens
        self._reserved = reserved
        self._counts = counts
        self._text_bytes = 0
        self._is_free = True
        self._is_whole = False
        self._may_have_thought = False
        self.seen: Seen | None = None
        """None as long as nobody has been asked."""

    def measured(self, events: Iterator[Event]) -> Iterator[Event]:
        """Yield the events as they are."""
        for event in events:
            if isinstance(event, Delta):
                self._text_bytes += len(event.text.encode())
            elif isinstance(event, Start):
                self._may_have_thought, self._is_free = True, False
            elif isinstance(event, Failure):
                self._may_have_thought = event.code in SILENT
                self._is_free = event.code in FREE
            elif isinstance(event, Done):
                self._may_have_thought = event.reason is not None
                self._is_whole = event.reason is None
            yield event

    def settle(self) -> None:
        """Give back what was not used."""
        used = min(self._used(), MOST_FACTOR * self._reserved)
        for count in self._counts:
            count.correct(used - self._reserved)

    def _used(self) -> int:
        """Return the best that is known: the model's own count, or the prompt and what came of the answer.

        An answer that ended in silence before anything came may have cost all that was reserved: many models
        think without a sign of it. One that was refused at once cost nothing.
        """
        usage = self.seen.usage if self.seen else None
        text_bytes = self._text_bytes + (self.seen.reasoning_bytes if self.seen else 0)
        if usage and usage.total_tokens > 0:
            # A count that came before the cut may be one of the beginning.
            seen = 0 if self._is_whole else usage.prompt_tokens + tokens_of(text_bytes)
            return max(usage.total_tokens, seen)
        if text_bytes:
            return self._prompt_tokens + tokens_of(text_bytes)
        if self._is_free:
            return 0
        return self._reserved if self._may_have_thought else self._prompt_tokens


def prompt_tokens(asked: ChatRequest) -> int:
    """Estimate what the model will count as the prompt."""
    return sum(TOKENS_A_MESSAGE + tokens_of(len(message.content.encode())) for message in asked.messages)


def tokens_of(size: int) -> int:
    """Estimate the tokens of a text of so many bytes of UTF-8."""
    return -(-size // BYTES_A_TOKEN)
