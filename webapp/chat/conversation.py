"""The turns of a conversation as the client has them → as a model takes them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

import msgspec

_role = attrgetter("role")


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One turn of a conversation."""

    role: str
    content: str


def sendable(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return the conversation without answers of white space alone, and with questions in a row as one.

    An answer that was stopped before its first text leaves two questions in a row, which the chat templates
    of some models refuse.
    """
    said = (message for message in messages if message.role != "assistant" or message.content.strip())
    kept: list[Message] = []
    for role, row in groupby(said, _role):
        together = list(row)
        if role == "user" and len(together) > 1:
            # Joined at once: one after the other, what is joined would be copied with each.
            together = [Message("user", "\n\n".join(message.content for message in together))]
        kept += together
    return tuple(kept)


def system_in_question(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return the conversation with what the system says as the beginning of the first question."""
    system = [message.content for message in messages if message.role == "system"]
    turns = tuple(message for message in messages if message.role != "system")
    return sendable((Message("user", "\n\n".join(system)), *turns)) if system else messages


def latest(messages: tuple[Message, ...], most: int) -> tuple[tuple[Message, ...], int]:
    """Return the last `most` messages, and how many of the oldest that leaves out.

    What remains begins with a question, after the system's messages, which stay.
    """
    system = tuple(message for message in messages if message.role == "system")
    turns = [message for message in messages if message.role != "system"]
    excess = max(0, len(turns) - max(1, most - len(system)))
    if not excess:
        return messages, 0
    while excess < len(turns) - 1 and turns[excess].role != "user":
        excess += 1
    return (*system, *turns[excess:]), excess


def newest_turns(messages: tuple[Message, ...], share: float) -> tuple[Message, ...]:
    """Return the newest turns that make up a share of the text, never less than `newest_question` does."""
    system = [message for message in messages if message.role == "system"]
    return _newest(messages, share * _characters(messages) - _characters(system))


def newest_question(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return the last question and what follows it, after the system's messages."""
    return _newest(messages, -1)


def _newest(messages: tuple[Message, ...], most_characters: float) -> tuple[Message, ...]:
    """Return as many turns as fit, from a question on, but not all of them; the last question at least."""
    system = tuple(message for message in messages if message.role == "system")
    turns = [message for message in messages if message.role != "system"]
    later = [at for at, message in enumerate(turns) if at and message.role == "user"]
    if not later:
        return messages
    begins = next((at for at in later if _characters(turns[at:]) <= most_characters), later[-1])
    return (*system, *turns[begins:])


def _characters(messages: Sequence[Message]) -> int:
    return sum(len(message.content) for message in messages)
