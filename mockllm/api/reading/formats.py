"""The form that an answer's text must have: JSON in general, or by a schema."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from mockllm.api.reading.complaints import missing_parameter
from mockllm.text import complaint, lowered
from mockllm.values import ApiError, Form, Turn, shown

_OBJECT = re.compile(r"\{\s*\"")
_MOST_TRIES = 100
_MOST_CHARACTERS = 200_000
_decode = json.JSONDecoder().raw_decode


class JsonSchema(msgspec.Struct):
    """A named schema; strict means that OpenAI's rules for schemas are kept."""

    name: str
    schema: dict[str, Any] | None = None
    strict: bool | None = None
    description: str | None = None


def wanted_form(
    kind: Form,
    schema: JsonSchema | None,
    where: str,
    turns: Sequence[Turn],
) -> tuple[Form, dict[str, Any]]:
    """Check the form; `where` is the parameter it came in. Raises ApiError."""
    said_in = "input" if where == "text.format" else "messages"
    if kind == "json_object" and not any("json" in lowered(turn.text) for turn in turns):
        message = (
            f"'{said_in}' must contain the word 'json' in some form, to use '{where}' of type 'json_object'."
        )
        raise ApiError(400, message, param=said_in)
    if kind == "json_object" and (told := schema_in(turns)) is not None:
        return "json_schema", told
    if kind != "json_schema":
        return kind, {}
    if schema is None or (schema.schema is None and schema.strict):
        raise missing_parameter(f"{where}.schema" if schema else f"{where}.json_schema")
    described = schema.schema if schema.schema is not None else {"type": "object"}
    problem = complaint(described, strict=bool(schema.strict))
    if problem is None and schema.strict and described.get("type") != "object" and "$ref" not in described:
        problem = (
            f"schema must be a JSON Schema of 'type: \"object\"', got 'type: {shown(described.get('type'))}'."
        )
    if problem is not None:
        message = f"Invalid schema for {where} '{schema.name}': {problem}"
        raise ApiError(400, message, param=where)
    return kind, described


def schema_in(turns: Sequence[Turn]) -> dict[str, Any] | None:
    """Return the last sound schema of an object in the words of a conversation, where libraries put it."""
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
