"""The turns of a conversation as the client has them → as a model takes them. Pure."""

from __future__ import annotations

import msgspec


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One turn of a conversation."""

    role: str
    content: str


def sendable(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return the conversation without answers of white space alone, and with questions in a row as one.

    An answer that was stopped before its first text leaves two questions in a row, which the chat templates
    of some models refuse.
    """
    kept: list[Message] = []
    for message in messages:
        if message.role == "assistant" and not message.content.strip():
            continue
        if kept and kept[-1].role == message.role == "user":
            kept[-1] = Message("user", f"{kept[-1].content}\n\n{message.content}")
        else:
            kept.append(message)
    return tuple(kept)


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
