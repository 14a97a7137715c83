"""Whether a JSON schema is one, and whether it keeps to the rules of OpenAI's strict mode. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from mockllm.text.regex import PatternError, check_pattern
from mockllm.values import shown

_TYPES = ("string", "number", "integer", "object", "array", "boolean", "null")
_COUNTS = (
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
    "minContains", "maxContains",
)  # fmt: skip
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_NAMED_SCHEMAS = ("properties", "$defs", "definitions", "patternProperties", "dependentSchemas")
_LISTED_SCHEMAS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SCHEMAS = (
    "items", "additionalProperties", "propertyNames", "contains", "not", "if", "then", "else",
    "unevaluatedItems", "unevaluatedProperties",
)  # fmt: skip
_LISTS = ("enum", "required")
_DEEPEST = 100
_LONGEST_LIST = 1000


def complaint(schema: Any, *, strict: bool) -> str | None:
    """Say what is wrong with a schema, in the form of OpenAI's own messages, or None."""
    return next(_complaints(schema, (), strict), None)


def _complaints(schema: Any, context: tuple[str, ...], strict: bool) -> Iterator[str]:
    if isinstance(schema, bool):
        return
    if not isinstance(schema, Mapping):
        yield _at(context, f"{shown(schema)} is not of type 'object', 'boolean'.")
        return
    if len(context) > _DEEPEST:
        yield f"nested more than {_DEEPEST} levels deep."
        return
    for keyword, value in schema.items():
        if problem := _misused(keyword, value):
            yield _at(context, f"'{keyword}' {problem}.")
            return
    if strict:
        yield from (_at(context, problem) for problem in _not_strict(schema))
    for step, inner in subschemas(schema):
        yield from _complaints(inner, (*context, *step), strict)


def _misused(keyword: str, value: Any) -> str | None:
    if keyword == "type":
        kinds = value if isinstance(value, list) and value else [value]
        return None if all(kind in _TYPES for kind in kinds) else f"must be one of {', '.join(_TYPES)}"
    if keyword in _COUNTS:
        whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return None if whole else "must be a whole number from 0"
    if keyword in _NUMBERS:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        return None if fits and (keyword != "multipleOf" or value > 0) else "must be a number"
    if keyword in _NAMED_SCHEMAS:
        fits = isinstance(value, Mapping) and (keyword != "patternProperties" or all(map(_is_pattern, value)))
        return None if fits else "must be an object whose names fit"
    if keyword in _LISTED_SCHEMAS or keyword in _LISTS:
        return _misused_list(keyword, value)
    if keyword == "dependentRequired":
        fits = isinstance(value, Mapping) and all(_are_names(names) for names in value.values())
        return None if fits else "must be an object of lists of names"
    if keyword == "dependencies":
        is_sound = isinstance(value, Mapping) and all(
            isinstance(each, bool | Mapping) or _are_names(each) for each in value.values()
        )
        return None if is_sound else "must be an object of schemas or lists of names"
    if keyword == "format":
        return None if isinstance(value, str) else "must be a string"
    if keyword == "pattern":
        return None if _is_pattern(value) else "must be a regular expression"
    return None


def _misused_list(keyword: str, value: Any) -> str | None:
    if not isinstance(value, list) or (not value and keyword != "required"):
        return "must be a list that is not empty"
    if len(value) > _LONGEST_LIST:
        return f"must hold at most {_LONGEST_LIST} entries, as at OpenAI"
    if keyword == "required" and not all(isinstance(name, str) for name in value):
        return "must hold names"
    return None


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _is_pattern(value: Any) -> bool:
    try:
        check_pattern(value)
    except PatternError:
        return False
    return True


def _not_strict(schema: Mapping[str, Any]) -> Iterator[str]:
    if schema.get("type") != "object" and "properties" not in schema:
        return
    if schema.get("additionalProperties") is not False:
        yield "'additionalProperties' is required to be supplied and to be false."
    missing = [name for name in schema.get("properties", {}) if name not in schema.get("required", ())]
    if missing:
        yield (
            "'required' is required to be supplied and to be an array including every key in properties. "
            f"Missing '{missing[0]}'."
        )


def subschemas(schema: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the schemas that stand right within a sound one, each with the steps that lead to it."""
    for keyword in _NAMED_SCHEMAS:
        yield from (((keyword, name), each) for name, each in schema.get(keyword, {}).items())
    needed = schema.get("dependencies", {}).items()
    yield from ((("dependencies", name), each) for name, each in needed if not isinstance(each, list))
    for keyword in _LISTED_SCHEMAS:
        yield from (((keyword, str(index)), each) for index, each in enumerate(schema.get(keyword, ())))
    yield from (((keyword,), schema[keyword]) for keyword in _SCHEMAS if keyword in schema)


def _at(context: tuple[str, ...], problem: str) -> str:
    return f"In context={shown(context)}, {problem}"
