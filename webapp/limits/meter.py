"""The tokens of one answer: reserved before it begins, settled when it ends by what was used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from webapp.chat import ChatRequest, Delta, Done, Event, Failure, Start

if TYPE_CHECKING:
    from webapp.limits.counters import Count

BYTES_A_TOKEN = 4
"""An estimate for where the model has not counted: about what English has. Other languages have fewer
characters to a token, but more bytes to a character."""
TOKENS_A_MESSAGE = 4
"""What marks a message's role and end."""
SILENT = {"upstream_first_token_timeout", "upstream_total_timeout"}
"""Failures before which a model may have thought without a sign of it."""


class Meter:
    """What one answer uses of the tokens that `counts` hold reserved for it."""

    def __init__(self, prompt_tokens: int, reserved: int, counts: Sequence[Count]) -> None:
        self._prompt_tokens = prompt_tokens
        self._reserved = reserved
        self._counts = counts
        self._text_bytes = 0
        self._may_have_thought = False
        self._used: int | None = None
        self.thought_bytes: Callable[[], int] = lambda: 0
        """How much thinking was seen, in bytes, be it shown or kept back."""

    def measured(self, events: Iterator[Event]) -> Iterator[Event]:
        """Yield the events as they are."""
        for event in events:
            if isinstance(event, Delta):
                self._text_bytes += len(event.text.encode())
            elif isinstance(event, Start):
                self._may_have_thought = True
            elif isinstance(event, Failure):
                self._may_have_thought = event.code in SILENT
            elif isinstance(event, Done):
                self._may_have_thought = event.reason is not None
                if event.usage and event.usage.total_tokens > 0:
                    self._used = event.usage.total_tokens
            yield event

    def settle(self) -> None:
        """Give back what was not used. An answer without usage cost its prompt, and what came of it.

        One that ended in silence before anything came may have cost all that was reserved: many models think
        without a sign of it.
        """
        used = self._used
        if used is None:
            seen = self._text_bytes + self.thought_bytes()
            used = self._prompt_tokens + tokens_of(seen)
            if not seen and self._may_have_thought:
                used = self._reserved
        for count in self._counts:
            count.correct(used - self._reserved)


def prompt_tokens(asked: ChatRequest) -> int:
    """Estimate what the model will count as the prompt."""
    return sum(TOKENS_A_MESSAGE + tokens_of(len(message.content.encode())) for message in asked.messages)


def tokens_of(size: int) -> int:
    """Estimate the tokens of a text of so many bytes of UTF-8."""
    return -(-size // BYTES_A_TOKEN)
