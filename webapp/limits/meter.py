"""The tokens of one answer: reserved before it begins, settled when it ends by what was used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from webapp.chat import ChatRequest, Delta, Done, Event

if TYPE_CHECKING:
    from webapp.limits.counters import Count

BYTES_A_TOKEN = 4
"""An estimate for where the model has not counted: about what English has. Other languages have fewer
characters to a token, but more bytes to a character."""
TOKENS_A_MESSAGE = 4
"""What marks a message's role and end."""


class Meter:
    """What one answer uses of the tokens that `counts` hold reserved for it."""

    def __init__(self, prompt_tokens: int, reserved: int, counts: Sequence[Count]) -> None:
        self._prompt_tokens = prompt_tokens
        self._reserved = reserved
        self._counts = counts
        self._text_bytes = 0
        self._used: int | None = None

    def measured(self, events: Iterator[Event]) -> Iterator[Event]:
        """Yield the events as they are."""
        for event in events:
            if isinstance(event, Delta):
                self._text_bytes += len(event.text.encode())
            elif isinstance(event, Done) and event.usage and event.usage.total_tokens > 0:
                self._used = event.usage.total_tokens
            yield event

    def settle(self) -> None:
        """Give back what was not used. An answer that broke off cost its prompt and the text that came."""
        used = self._used
        if used is None:
            used = self._prompt_tokens + tokens_of(self._text_bytes)
        for count in self._counts:
            count.correct(used - self._reserved)


def prompt_tokens(asked: ChatRequest) -> int:
    """Estimate what the model will count as the prompt."""
    return sum(TOKENS_A_MESSAGE + tokens_of(len(message.content.encode())) for message in asked.messages)


def tokens_of(size: int) -> int:
    """Estimate the tokens of a text of so many bytes of UTF-8."""
    return -(-size // BYTES_A_TOKEN)
