"""Whether a value satisfies a JSON schema. Pure.

`format` is left out, which is an annotation. References lead to places: `placed` makes them so.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from mockllm.text.regex import PatternError, found
from mockllm.text.schema.checks.evaluated import evaluated_names, evaluated_places
from mockllm.values import shown

_INDEX = re.compile("[0-9]{1,9}")
_MOST_LOOKS = 100_000


class UnresolvableError(ValueError):
    """What cannot be decided: a `$ref` that leads nowhere, a pattern that may take for ever."""


class IntricateError(ValueError):
    """A schema whose references multiply beyond what one request may cost."""


def accepts(schema: Any, value: Any, root: Any) -> bool:
    """Check a value; references are looked up in `root`. Raises UnresolvableError, IntricateError."""
    return _holds(schema, value, _Scope(root))


def resolve(reference: Any, root: Any) -> Any:
    """Look up a reference such as `#/$defs/step`. Raises UnresolvableError."""
    target = root
    if not isinstance(reference, str) or (reference != "#" and not reference.startswith("#/")):
        raise UnresolvableError(f"$ref {shown(reference)} does not refer to a place in the same schema")
    for step in reference.removeprefix("#").split("/")[1:]:
        name = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(target, Mapping) and name in target:
            target = target[name]
        elif isinstance(target, list) and _INDEX.fullmatch(name) and int(name) < len(target):
            target = target[int(name)]
        else:
            raise UnresolvableError(f"$ref {shown(reference)} leads nowhere")
    return target


@dataclass(slots=True)
class _Scope:
    """Where references lead, and how much may still be looked at: references can multiply without end."""

    root: Any
    left: int = _MOST_LOOKS

    def look(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise IntricateError(f"it takes more than {_MOST_LOOKS} looks to check a value")


def _holds(schema: Any, value: Any, scope: _Scope) -> bool:
    scope.look()
    if not isinstance(schema, Mapping):
        return schema is not False
    checks = ((keyword, check) for keyword, check in _CHECKS.items() if keyword in schema)
    return all(check(schema[keyword], value, schema, scope) for keyword, check in checks)


def _is_type(kind: str, value: Any) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer":
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    types: dict[str, Any] = {
        "string": str, "number": int | float, "object": dict, "array": list, "null": type(None),
    }  # fmt: skip
    return kind in types and isinstance(value, types[kind])


def _same(first: Any, second: Any) -> bool:
    # True is 1 in Python, but not in JSON.
    return first == second and json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _types(kinds: Any, value: Any, *_: Any) -> bool:
    return any(_is_type(kind, value) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _object_properties(properties: Any, value: Any, _schema: Any, scope: _Scope) -> bool:
    if not isinstance(value, dict):
        return True
    return all(_holds(properties[name], value[name], scope) for name in properties if name in value)


def _other_properties(others: Any, value: Any, schema: Any, scope: _Scope) -> bool:
    if not isinstance(value, dict):
        return True
    patterns = schema.get("patternProperties", {})
    extra = [name for name in value if name not in schema.get("properties", {})]
    free = [name for name in extra if not any(_found(pattern, name) for pattern in patterns)]
    return all(_holds(others, value[name], scope) for name in free)


def _patterned_properties(patterns: Any, value: Any, _schema: Any, scope: _Scope) -> bool:
    if not isinstance(value, dict):
        return True
    return all(
        _holds(schema, item, scope)
        for pattern, schema in patterns.items()
        for name, item in value.items()
        if _found(pattern, name)
    )


def _later_items(items: Any, value: Any, schema: Any, scope: _Scope) -> bool:
    if not isinstance(value, list):
        return True
    return all(_holds(items, item, scope) for item in value[len(schema.get("prefixItems", ())) :])


def _first_items(schemas: Any, value: Any, _schema: Any, scope: _Scope) -> bool:
    if not isinstance(value, list):
        return True
    return all(_holds(schema, item, scope) for schema, item in zip(schemas, value, strict=False))


def _unique(wanted: Any, value: Any, *_: Any) -> bool:
    if not wanted or not isinstance(value, list):
        return True
    return len({json.dumps(item, sort_keys=True) for item in value}) == len(value)


def _condition(condition: Any, value: Any, schema: Any, scope: _Scope) -> bool:
    branch = "then" if _holds(condition, value, scope) else "else"
    return _holds(schema.get(branch, True), value, scope)


def _multiple(step: Any, value: Any, *_: Any) -> bool:
    return not _is_number(value) or Decimal(str(value)) % Decimal(str(step)) == 0


def _pattern(pattern: Any, value: Any, *_: Any) -> bool:
    return not isinstance(value, str) or _found(pattern, value)


def _found(pattern: str, text: str) -> bool:
    try:
        return found(pattern, text)
    except PatternError as error:
        # Another draw may give a shorter text.
        raise UnresolvableError(str(error)) from error


def _dependent(needs: Any, value: Any, *_: Any) -> bool:
    if not isinstance(value, dict):
        return True
    return all(value.keys() >= set(names) for name, names in needs.items() if name in value)


def _dependent_schemas(needs: Any, value: Any, _schema: Any, scope: _Scope) -> bool:
    if not isinstance(value, dict):
        return True
    return all(_holds(schema, value, scope) for name, schema in needs.items() if name in value)


def _dependencies(needs: Any, value: Any, schema: Any, scope: _Scope) -> bool:
    """Check the older form of both, in which a need is a list of names or a schema."""
    names = {name: need for name, need in needs.items() if isinstance(need, list)}
    schemas = {name: need for name, need in needs.items() if not isinstance(need, list)}
    return _dependent(names, value) and _dependent_schemas(schemas, value, schema, scope)


def _unevaluated_properties(others: Any, value: Any, schema: Any, scope: _Scope) -> bool:
    if not isinstance(value, dict):
        return True
    seen = evaluated_names(schema, value, *_looks(scope))
    return all(_holds(others, item, scope) for name, item in value.items() if name not in seen)


def _unevaluated_items(others: Any, value: Any, schema: Any, scope: _Scope) -> bool:
    if not isinstance(value, list):
        return True
    seen = evaluated_places(schema, value, *_looks(scope))
    return all(_holds(others, item, scope) for place, item in enumerate(value) if place not in seen)


def _looks(scope: _Scope) -> tuple[Callable[[Any, Any], bool], Callable[[Any], Any]]:
    """Return how to check a value and how to follow a reference, each of which counts as a look."""

    def resolved(reference: Any) -> Any:
        scope.look()
        return resolve(reference, scope.root)

    return lambda schema, value: _holds(schema, value, scope), resolved


def _names(schema: Any, value: Any, _schema: Any, scope: _Scope) -> bool:
    return not isinstance(value, dict) or all(_holds(schema, name, scope) for name in value)


def _contains(wanted: Any, value: Any, schema: Any, scope: _Scope) -> bool:
    if not isinstance(value, list):
        return True
    count = sum(_holds(wanted, item, scope) for item in value)
    return bool(schema.get("minContains", 1) <= count <= schema.get("maxContains", count))


def _sized(kind: Any, fits: Callable[[int, int], bool]) -> Callable[..., bool]:
    return lambda limit, value, *_: not isinstance(value, kind) or fits(len(value), limit)


def _bounded(fits: Callable[[float, float], bool]) -> Callable[..., bool]:
    return lambda limit, value, *_: not _is_number(value) or isinstance(limit, bool) or fits(value, limit)


_CHECKS: dict[str, Callable[[Any, Any, Any, _Scope], bool]] = {
    "$ref": lambda reference, value, _, scope: _holds(resolve(reference, scope.root), value, scope),
    "type": _types,
    "const": lambda const, value, *_: _same(const, value),
    "enum": lambda values, value, *_: any(_same(each, value) for each in values),
    "allOf": lambda schemas, value, _, scope: all(_holds(each, value, scope) for each in schemas),
    "anyOf": lambda schemas, value, _, scope: any(_holds(each, value, scope) for each in schemas),
    "oneOf": lambda schemas, value, _, scope: sum(_holds(each, value, scope) for each in schemas) == 1,
    "not": lambda schema, value, _, scope: not _holds(schema, value, scope),
    "if": _condition,
    "minimum": _bounded(lambda value, limit: value >= limit),
    "maximum": _bounded(lambda value, limit: value <= limit),
    "exclusiveMinimum": _bounded(lambda value, limit: value > limit),
    "exclusiveMaximum": _bounded(lambda value, limit: value < limit),
    "multipleOf": _multiple,
    "minLength": _sized(str, lambda length, limit: length >= limit),
    "maxLength": _sized(str, lambda length, limit: length <= limit),
    "pattern": _pattern,
    "minItems": _sized(list, lambda length, limit: length >= limit),
    "maxItems": _sized(list, lambda length, limit: length <= limit),
    "uniqueItems": _unique,
    "prefixItems": _first_items,
    "items": _later_items,
    "contains": _contains,
    "dependentRequired": _dependent,
    "propertyNames": _names,
    "required": lambda names, value, *_: not isinstance(value, dict) or all(name in value for name in names),
    "minProperties": _sized(dict, lambda length, limit: length >= limit),
    "maxProperties": _sized(dict, lambda length, limit: length <= limit),
    "properties": _object_properties,
    "additionalProperties": _other_properties,
    "patternProperties": _patterned_properties,
    "dependentSchemas": _dependent_schemas,
    "dependencies": _dependencies,
    "unevaluatedItems": _unevaluated_items,
    "unevaluatedProperties": _unevaluated_properties,
}
