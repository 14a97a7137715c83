"""A JSON schema that stands in the words of a prompt, where libraries put it. Pure."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from mockllm.text import complaint
from mockllm.values import Turn

_OBJECT = re.compile(r"\{\s*\"")
_MOST_TRIES = 100
_MOST_CHARACTERS = 200_000
_decode = json.JSONDecoder().raw_decode


def schema_in(turns: Sequence[Turn]) -> dict[str, Any] | None:
    """Return the last schema of an object that is told in a conversation, if it is a sound one."""
    found: dict[str, Any]
    for turn in reversed(turns):
        for found in reversed(list(_objects(turn.text[:_MOST_CHARACTERS]))):
            if _is_schema(found) and complaint(found, strict=False) is None:
                return found
    return None


def _objects(text: str) -> Iterator[Any]:
    """Yield the outermost JSON objects in a text."""
    end = 0
    for tried, begin in enumerate(_OBJECT.finditer(text)):
        if tried == _MOST_TRIES:
            return
        if begin.start() < end:
            continue
        try:
            _, end = _decode(text, begin.start())
            # As strictly as a body: no half of a character, no number that is none.
            found = msgspec.json.decode(text[begin.start() : end])
        except (ValueError, RecursionError):
            continue
        yield found


def _is_schema(value: dict[str, Any]) -> bool:
    return value.get("type") == "object" and isinstance(value.get("properties"), dict)
