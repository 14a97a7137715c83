"""Questions from a file of the user's: JSON lines or a JSON array of prompts, messages, conversations."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from loadtests.chat.questions import Message, Question

ROLES = {"human": "user", "user": "user", "system": "system"}
"""ShareGPT's names of who speaks before the model does."""
FORMS = "prompt, messages or conversations"
LIMITS = ("max_tokens", "max_completion_tokens")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class PromptsError(Exception):
    """A file of prompts that cannot be used, said in one line."""


class _WrongError(Exception):
    """What is wrong with one entry: the field, what was expected, what came."""


def questions_from(path: Path) -> tuple[Question, ...]:
    """All that the file asks; raises PromptsError that names line, or entry of an array, and field.

    An entry is `{"prompt": "..."}`, `{"messages": [{"role": ..., "content": ...}]}`, each with `max_tokens`
    if it likes, OpenAI's batch format, which has them in a `body`, or ShareGPT's
    `{"conversations": [{"from": "human", "value": "..."}]}`, of which what is said before the model first
    speaks is asked.
    """
    try:
        text = path.read_bytes().removeprefix(BYTE_ORDER_MARK)
    except OSError as error:
        raise PromptsError(f"{path}: {error.strerror or error}") from error
    found = tuple(_question(path, where, entry) for where, entry in _entries(path, text))
    if not found:
        raise PromptsError(f"{path}: expected at least one prompt, got none")
    return found


def _entries(path: Path, text: bytes) -> Iterator[tuple[str, Any]]:
    """Each with where it stands; a blank line is none."""
    if text.lstrip().startswith(b"["):
        for number, entry in enumerate(_decoded(path, "", text), 1):
            yield f"entry {number}", entry
        return
    for number, line in enumerate(text.split(b"\n"), 1):
        if line.strip():
            yield f"line {number}", _decoded(path, f"line {number}: ", line)


def _decoded(path: Path, where: str, text: bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise PromptsError(f"{path}: {where}expected JSON: {error}") from error


def _question(path: Path, where: str, entry: Any) -> Question:
    try:
        if not isinstance(entry, dict):
            raise _WrongError(f"expected an object with {FORMS}, got {entry!r:.40}")  # noqa: TRY301
        asked = entry["body"] if isinstance(entry.get("body"), dict) else entry
        return Question(tuple(_messages(asked)), _max_tokens(asked))
    except _WrongError as error:
        raise PromptsError(f"{path}: {where}: {error}") from error


def _max_tokens(entry: Mapping[str, Any]) -> int | None:
    name = next((name for name in LIMITS if entry.get(name) is not None), None)
    if name is None:
        return None
    value = entry[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _WrongError(f"{name}: expected a whole number from 1 up, got {value!r:.40}")
    return value


def _messages(entry: Mapping[str, Any]) -> Iterator[Message]:
    if "messages" in entry:
        yield from _as_they_are(_list(entry, "messages"))
    elif "conversations" in entry:
        yield from _before_the_model(_list(entry, "conversations"))
    elif "prompt" in entry:
        yield Message("user", _text(entry["prompt"], "prompt"))
    else:
        raise _WrongError(f"expected {FORMS}, got {', '.join(map(str, entry)) or 'nothing':.80}")


def _as_they_are(messages: Sequence[Any]) -> Iterator[Message]:
    for at, message in enumerate(messages):
        field = f"messages[{at}]"
        said = _object(message, field)
        yield Message(
            _text(said.get("role"), f"{field}.role"), _content(said.get("content"), f"{field}.content")
        )


def _content(content: Any, field: str) -> str:
    """A text, or the texts of the parts that it comes in."""
    if not isinstance(content, list):
        return _text(content, field)
    parts = [(_object(part, f"{field}[{at}]"), f"{field}[{at}]") for at, part in enumerate(content)]
    return "".join(_text(part.get("text"), f"{where}.text") for part, where in parts)


def _before_the_model(turns: Sequence[Any]) -> Iterator[Message]:
    said = 0
    for at, turn in enumerate(turns):
        field = f"conversations[{at}]"
        found = _object(turn, field)
        role = ROLES.get(str(found.get("from", found.get("role"))))
        if role is None:
            break
        said += 1
        yield Message(role, _content(found.get("value", found.get("content")), f"{field}.value"))
    if not said:
        raise _WrongError("conversations[0].from: expected human, user or system to begin")


def _list(entry: Mapping[str, Any], field: str) -> Sequence[Any]:
    found = entry[field]
    if not isinstance(found, list) or not found:
        raise _WrongError(f"{field}: expected an array of at least one, got {found!r:.40}")
    return found


def _object(value: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _WrongError(f"{field}: expected an object, got {value!r:.40}")
    return value


def _text(value: Any, field: str) -> str:
    if not isinstance(value, str) or not value:
        raise _WrongError(f"{field}: expected text, got {value!r:.40}")
    return value
