"""A seeded value that satisfies a JSON schema. Pure.

Values are drawn, then checked against the whole schema, a few times over: what cannot be built directly
(`not`, `oneOf` whose branches overlap, `if`) is found by trying or not at all.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mockllm import schema_leaves
from mockllm.draws import Draws
from mockllm.prompt import Brief
from mockllm.schema_check import UnresolvableError, accepts, resolve
from mockllm.schema_merge import merged

_ATTEMPTS = 24
_DEEPEST = 24
_SOON_SHALLOW = 5
_MOST_VALUES = 2000
_OPTIONAL_SHARE = 0.75
_COMPOSED = frozenset({"$ref", "allOf", "anyOf", "oneOf", "$defs", "definitions"})
_ANY_TYPE = ("string", "integer", "boolean", "object", "array", "null")
_TYPE_BY_KEYWORD = {
    "object": {"properties", "required", "additionalProperties", "minProperties", "patternProperties"},
    "array": {"items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "string": {"minLength", "maxLength", "pattern", "format"},
}


class UnsatisfiableError(ValueError):
    """No value was found; the message says for which part of the schema."""


def generate(schema: Any, draws: Draws, brief: Brief) -> Any:
    """Draw a value; its strings are about the brief's topic where the schema leaves them free.

    Raises UnsatisfiableError if none is found, and for schemas that ask for thousands of values or refer to
    what is not in them.
    """
    reason = "no value satisfies it"
    for _ in range(_ATTEMPTS):
        try:
            value = _Builder(schema, draws, brief).value(schema, "", 0)
            if accepts(schema, value, schema):
                return value
        except ArithmeticError:
            reason = "its numbers are beyond what can be calculated with"
        except (_DeadEndError, UnresolvableError, RecursionError) as error:
            reason = str(error)
    raise UnsatisfiableError(reason)


class _DeadEndError(ValueError):
    pass


class _Builder:
    """Builds one value from the top down; `name` is the property that it will stand in."""

    def __init__(self, root: Any, draws: Draws, brief: Brief) -> None:
        self._root = root
        self._draws = draws
        self._brief = brief
        self._left = _MOST_VALUES

    def value(self, schema: Any, name: str, depth: int) -> Any:
        self._left -= 1
        if self._left < 0:
            raise _DeadEndError(f"it asks for more than {_MOST_VALUES} values")
        if depth > _DEEPEST:
            raise _DeadEndError(f"{name or 'it'} is nested without end")
        flat = self._flattened(schema, name, depth)
        if "const" in flat:
            return flat["const"]
        if "enum" in flat:
            return self._one_of(flat["enum"], flat, name)
        return self._of_type(self._type(flat, depth), flat, name, depth)

    def _of_type(self, kind: str, schema: Mapping[str, Any], name: str, depth: int) -> Any:
        match kind:
            case "object":
                return self._object(schema, depth)
            case "array":
                return self._array(schema, name, depth)
            case "string":
                return schema_leaves.string(schema, name, self._draws, self._brief)
            case "integer" | "number":
                return self._number(schema, name, whole=kind == "integer")
            case "boolean":
                return self._draws.chance(0.5)
            case "null":
                return None
        raise _DeadEndError(f"{name or 'it'} has the unknown type {kind!r}")

    def _flattened(self, schema: Any, name: str, depth: int) -> Mapping[str, Any]:
        """Follow references and pick branches until plain keywords are left."""
        if schema is False:
            raise _DeadEndError(f"{name or 'it'} must not exist")
        if schema is True or not isinstance(schema, Mapping):
            return {"type": "string"}
        flat: dict[str, Any] = {key: value for key, value in schema.items() if key not in _COMPOSED}
        for branch in self._branches(schema, name, depth):
            flat = merged(flat, self._flattened(branch, name, depth + 1), _DeadEndError)
        return flat

    def _branches(self, schema: Mapping[str, Any], name: str, depth: int) -> Iterator[Any]:
        if depth > _DEEPEST:
            raise _DeadEndError(f"{name or 'it'} is nested without end")
        if "$ref" in schema:
            yield resolve(schema["$ref"], self._root)
        yield from schema.get("allOf", ())
        for keyword in ("anyOf", "oneOf"):
            if schema.get(keyword):
                yield self._pick_branch(schema[keyword], depth)

    def _pick_branch(self, branches: Sequence[Any], depth: int) -> Any:
        # Deep down, the simplest branch: a schema that refers to itself must come to an end.
        if depth > _SOON_SHALLOW:
            return min(branches, key=_weight)
        return self._draws.pick(branches)

    def _one_of(self, values: Sequence[Any], schema: Mapping[str, Any], name: str) -> Any:
        fitting = [value for value in values if accepts(schema, value, self._root)]
        if not fitting:
            raise _DeadEndError(f"no value of the enum of {name or 'it'} satisfies the rest of its schema")
        return self._draws.pick(fitting)

    def _type(self, schema: Mapping[str, Any], depth: int) -> str:
        kind = schema.get("type")
        if isinstance(kind, str):
            return kind
        if isinstance(kind, list) and kind:
            if depth > _SOON_SHALLOW and "null" in kind:
                return "null"
            return str(self._draws.pick(kind))
        named = (
            name for name, keywords in _TYPE_BY_KEYWORD.items() if not schema.keys().isdisjoint(keywords)
        )
        # Without any keyword that belongs to a type, only trying shows what a `not` or an `if` leaves.
        free = self._draws.pick(_ANY_TYPE) if {"not", "if"} & schema.keys() else "string"
        return next(named, free)

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        properties = schema.get("properties", {})
        required = schema.get("required", ())
        wanted = [name for name in properties if name in required or self._includes(depth)]
        wanted += [name for name in required if name not in properties]
        least = schema.get("minProperties", 0)
        wanted += [name for name in properties if name not in wanted][: max(least - len(wanted), 0)]
        others = schema.get("additionalProperties", {})
        result = {name: self.value(properties.get(name, others), name, depth + 1) for name in wanted}
        for number in itertools.count(1):
            if len(result) >= least:
                break
            result.setdefault(f"field_{number}", self.value(others, f"field_{number}", depth + 1))
        return result

    def _includes(self, depth: int) -> bool:
        return depth <= _SOON_SHALLOW and self._draws.chance(_OPTIONAL_SHARE)

    def _array(self, schema: Mapping[str, Any], name: str, depth: int) -> list[Any]:
        first = schema.get("prefixItems", [])
        others = schema.get("items", {"type": "string"})
        least = max(schema.get("minItems", 0), 1 if "contains" in schema else 0)
        most = schema.get("maxItems", max(least, len(first)) + 2)
        if others is False:
            most = min(most, len(first))
        if depth > _SOON_SHALLOW:
            most = least
        count = self._draws.between(min(max(least, 1), most), most) if most > least else least
        if count > self._left:
            raise _DeadEndError(f"it asks for more than {_MOST_VALUES} values")
        schemas = [first[index] if index < len(first) else others for index in range(count)]
        if "contains" in schema and schemas:
            schemas[-1] = {"allOf": [schemas[-1], schema["contains"]]}
        items: list[Any] = []
        for item in schemas:
            items.append(self._unlike(items if schema.get("uniqueItems") else (), item, name, depth))
        return items

    def _unlike(self, others: Sequence[Any], schema: Any, name: str, depth: int) -> Any:
        for _ in range(_ATTEMPTS):
            value = self.value(schema, name, depth + 1)
            if value not in others:
                return value
        raise _DeadEndError(f"no {len(others) + 1} different values were found for {name or 'an array'}")

    def _number(self, schema: Mapping[str, Any], name: str, *, whole: bool) -> int | float:
        number = schema_leaves.number(schema, self._draws, whole=whole)
        if number is None:
            raise _DeadEndError(f"no number lies within the limits of {name or 'it'}")
        return number


def _weight(schema: Any) -> int:
    """Guess how much a branch brings with it: null and leaves little, references and objects much."""
    text = str(schema)
    return len(text) + 1000 * text.count("$ref")
