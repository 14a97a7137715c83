"""Two sets of schema keywords that must hold together, as one set. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

_LARGEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_APART = ("pattern", "not", "multipleOf", "propertyNames", "patternProperties", "dependentSchemas")
_SMALLEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


def merged(
    first: Mapping[str, Any], second: Mapping[str, Any], contradiction: Callable[[str], Exception]
) -> dict[str, Any]:
    """Merge keywords; where one alone can stand, the later stands, and the other in an `allOf` beside it.

    Raises what `contradiction` makes if nothing can satisfy both.
    """
    result = dict(first)
    for key, value in second.items():
        result[key] = _merge(key, result[key], value) if key in result else value
    apart = [
        {key: first[key]} for key in _APART if key in first and second.get(key, first[key]) != first[key]
    ]
    if apart := [*first.get("allOf", ()), *second.get("allOf", ()), *apart]:
        result["allOf"] = apart
    if result.get("enum") == [] or result.get("type") == []:
        raise contradiction("the parts of an allOf or anyOf contradict each other")
    return result


def _merge(key: str, first: Any, second: Any) -> Any:
    if key in _LARGEST:
        return max(first, second)
    if key in _SMALLEST:
        return min(first, second)
    if key == "required":
        return list(dict.fromkeys([*first, *second]))
    if key == "enum":
        return [value for value in first if value in second]
    if key == "type":
        return _common_types(first, second)
    if key == "properties":
        return {name: _both(first.get(name), second.get(name)) for name in {**first, **second}}
    if key in ("items", "additionalProperties", "contains"):
        return _both(first, second)
    return second


def _both(first: Any, second: Any) -> Any:
    if first is None or second is None or first == second:
        return second if first is None else first
    return {"allOf": [first, second]}


def _common_types(first: str | list[str], second: str | list[str]) -> str | list[str]:
    allowed = [second] if isinstance(second, str) else second
    common = [
        kind if kind in allowed else "integer"
        for kind in ([first] if isinstance(first, str) else first)
        if kind in allowed or (kind == "number" and "integer" in allowed)
        or (kind == "integer" and "number" in allowed)
    ]  # fmt: skip
    return common[0] if len(common) == 1 else common
