"""What a set of plain keywords says of one property of an object. Pure."""

from collections.abc import Mapping
from typing import Any

from mockllm.text.regex import PatternError, found


def schema_of(schema: Mapping[str, Any], name: str) -> Any:
    """Return what the value of a property has to satisfy; False if there must be none."""
    described = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    found_in = [described[name]] if name in described else []
    found_in += [patterns[pattern] for pattern in sorted(patterns) if _is_found(pattern, name)]
    if not found_in:
        return schema.get("additionalProperties", schema.get("unevaluatedProperties", {}))
    return found_in[0] if len(found_in) == 1 else {"allOf": found_in}


def needed_names(schema: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the names that a property brings with it, by either of the keywords that say so."""
    older = {name: need for name, need in schema.get("dependencies", {}).items() if isinstance(need, list)}
    needs = schema.get("dependentRequired", {})
    return {name: [*needs.get(name, ()), *older.get(name, ())] for name in {**needs, **older}}


def needed_schemas(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schemas that an object must satisfy if it has a property, likewise."""
    older = {n: need for n, need in schema.get("dependencies", {}).items() if not isinstance(need, list)}
    needs = schema.get("dependentSchemas", {})
    return {**needs, **{n: {"allOf": [needs[n], older[n]]} if n in needs else older[n] for n in older}}


def _is_found(pattern: str, name: str) -> bool:
    try:
        return found(pattern, name)
    except PatternError:
        return False
