"""Questions from a file of the user's: JSON lines, or ShareGPT's array of conversations."""

from pathlib import Path
from typing import Any

import msgspec

from loadtests.chat.questions import Message, Question

ROLES = {"human": "user", "user": "user", "system": "system"}
"""ShareGPT's names of who speaks before the model does."""


class PromptsError(Exception):
    """A file of prompts that cannot be used, said in one line."""


def questions_from(path: Path) -> tuple[Question, ...]:
    """All that the file asks; raises PromptsError that names the entry which is none.

    An entry is `{"prompt": "..."}`, `{"messages": [{"role": ..., "content": ...}]}`, each with `max_tokens`
    if it likes, or ShareGPT's `{"conversations": [{"from": "human", "value": "..."}]}`, of which what is said
    before the model first speaks is asked.
    """
    try:
        text = path.read_bytes()
        entries = (
            msgspec.json.decode(text, type=list[dict[str, Any]])
            if text.lstrip().startswith(b"[")
            else msgspec.json.Decoder(dict[str, Any]).decode_lines(text)
        )
    except (OSError, msgspec.MsgspecError) as error:
        raise PromptsError(f"{path}: {error}") from error
    found = tuple(_question(path, number, entry) for number, entry in enumerate(entries, 1))
    if not found:
        raise PromptsError(f"{path}: expected at least one prompt, got none")
    return found


def _question(path: Path, number: int, entry: dict[str, Any]) -> Question:
    try:
        messages = msgspec.convert(_messages(entry), tuple[Message, ...])
        return Question(messages, msgspec.convert(entry.get("max_tokens"), int | None))
    except (msgspec.ValidationError, KeyError) as error:
        raise PromptsError(f"{path}: entry {number}: {error}") from error


def _messages(entry: dict[str, Any]) -> object:
    match entry:
        case {"messages": [_, *_] as messages}:
            return messages
        case {"prompt": str(prompt)}:
            return [{"role": "user", "content": prompt}]
        case {"conversations": [_, *_] as turns}:
            said = []
            for turn in turns:
                if turn.get("from") not in ROLES:
                    break
                said.append({"role": ROLES[turn["from"]], "content": turn["value"]})
            if said:
                return said
    raise msgspec.ValidationError("expected prompt, messages or conversations that a user begins")
