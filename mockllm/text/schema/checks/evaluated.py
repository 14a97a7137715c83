"""Which properties and items of a value the rest of a schema has looked at. Pure.

What it has not is for `unevaluatedProperties` and `unevaluatedItems` (JSON Schema 2020-12, core, 11).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mockllm.text.regex import found

Holds = Callable[[Any, Any], bool]
Resolve = Callable[[Any], Any]


def evaluated_names(schema: Any, value: Mapping[str, Any], holds: Holds, resolve: Resolve) -> set[str]:
    """Return the names that a schema looks at, its own `unevaluatedProperties` aside.

    `holds` says whether a schema accepts a value, `resolve` what a reference leads to.
    """
    if not isinstance(schema, Mapping):
        return set()
    if "additionalProperties" in schema:
        return set(value)
    names = {name for name in schema.get("properties", {}) if name in value}
    for pattern in schema.get("patternProperties", {}):
        names |= {name for name in value if found(pattern, name)}
    for inner in _in_place(schema, value, holds, resolve):
        if isinstance(inner, Mapping) and "unevaluatedProperties" in inner:
            return set(value)
        names |= evaluated_names(inner, value, holds, resolve)
    return names


def evaluated_places(schema: Any, value: list[Any], holds: Holds, resolve: Resolve) -> set[int]:
    """Return the places of the items that a schema looks at, as `evaluated_names` does."""
    if not isinstance(schema, Mapping):
        return set()
    if "items" in schema:
        return set(range(len(value)))
    places = set(range(min(len(schema.get("prefixItems", ())), len(value))))
    if "contains" in schema:
        places |= {place for place, item in enumerate(value) if holds(schema["contains"], item)}
    for inner in _in_place(schema, value, holds, resolve):
        if isinstance(inner, Mapping) and "unevaluatedItems" in inner:
            return set(range(len(value)))
        places |= evaluated_places(inner, value, holds, resolve)
    return places


def _in_place(schema: Mapping[str, Any], value: Any, holds: Holds, resolve: Resolve) -> Iterator[Any]:
    """Yield the schemas that look at the same value, and accept it."""
    if "$ref" in schema:
        yield resolve(schema["$ref"])
    yield from schema.get("allOf", ())
    for keyword in ("anyOf", "oneOf"):
        yield from (inner for inner in schema.get(keyword, ()) if holds(inner, value))
    if "if" in schema:
        is_met = holds(schema["if"], value)
        if is_met:
            yield schema["if"]
        yield schema.get("then" if is_met else "else", True)
    if isinstance(value, Mapping):
        for keyword in ("dependentSchemas", "dependencies"):
            yield from (inner for name, inner in schema.get(keyword, {}).items() if name in value)
