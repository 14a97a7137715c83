"""Whether a schema for strict mode stays within what OpenAI documents. Pure.

https://platform.openai.com/docs/guides/structured-outputs, "Supported schemas".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from mockllm.values import shown

_UNSUPPORTED = (
    "allOf", "oneOf", "not", "dependentRequired", "dependentSchemas", "if", "then", "else",
    "patternProperties", "unevaluatedProperties", "propertyNames", "minProperties", "maxProperties",
    "unevaluatedItems", "contains", "minContains", "maxContains", "uniqueItems",
)  # fmt: skip
_DEEPEST = 10
_MOST_PROPERTIES = 5_000
_MOST_VALUES = 1_000
_MOST_CHARACTERS = 120_000


def beyond_limits(schema: Any) -> str | None:
    """Say what strict mode does not support of a schema that is one, or None."""
    if not isinstance(schema, Mapping):
        return None
    if "anyOf" in schema:
        return "In context=(), 'anyOf' is not permitted at the root."
    counts = {"properties": 0, "enum values": 0, "characters of names and values": 0}
    for context, inner, depth in _schemas(schema, (), 1):
        if problem := _misuse(inner, depth):
            return f"In context={shown(context)}, {problem}"
        names, values = _listed(inner.get("properties")), _listed(inner.get("enum"))
        counts["properties"] += len(names)
        counts["enum values"] += len(values)
        counts["characters of names and values"] += sum(len(str(each)) for each in (*names, *values))
    limits = (_MOST_PROPERTIES, _MOST_VALUES, _MOST_CHARACTERS)
    for (name, count), limit in zip(counts.items(), limits, strict=True):
        if count > limit:
            return f"at most {limit} {name} in total, got {count}."
    return None


def _misuse(schema: Mapping[str, Any], depth: int) -> str | None:
    if depth > _DEEPEST:
        return f"nested more than {_DEEPEST} levels deep."
    unsupported = next((name for name in _UNSUPPORTED if name in schema), None)
    return None if unsupported is None else f"'{unsupported}' is not permitted."


def _schemas(
    schema: Any, context: tuple[str, ...], depth: int
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any], int]]:
    if not isinstance(schema, Mapping) or depth > _DEEPEST + 1:
        return
    yield context, schema, depth
    for keyword in ("properties", "$defs", "definitions"):
        named = schema.get(keyword)
        deeper = depth + (keyword == "properties")
        for name, inner in named.items() if isinstance(named, Mapping) else ():
            yield from _schemas(inner, (*context, keyword, name), deeper)
    for index, inner in enumerate(_listed(schema.get("anyOf"))):
        yield from _schemas(inner, (*context, "anyOf", str(index)), depth)
    yield from _schemas(schema.get("items"), (*context, "items"), depth + 1)


def _listed(value: Any) -> list[Any]:
    """List values, or names; what is neither is for others to refuse."""
    return list(value) if isinstance(value, Mapping | list) else []
