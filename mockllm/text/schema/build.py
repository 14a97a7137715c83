"""A seeded value that satisfies a JSON schema. Pure.

Values are drawn, then checked against the whole schema, a few times over: what cannot be built directly
(`not`, `oneOf` whose branches overlap, `if`) is found by trying or not at all.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from mockllm.text.prompt import Brief
from mockllm.text.schema import leaves
from mockllm.text.schema.check import IntricateError, UnresolvableError, accepts
from mockllm.text.schema.flatten import SOON_SHALLOW, DeadEndError, Flattener
from mockllm.values import Draws, shown

_ATTEMPTS = 24
_MOST_VALUES = 2000
_MOST_VALUES_IN_ALL = 20_000
_OPTIONAL_SHARE = 0.75
_ANY_TYPE = ("string", "integer", "boolean", "object", "array", "null")
_TYPE_BY_KEYWORD = {
    "object": {
        "properties",
        "required",
        "additionalProperties",
        "minProperties",
        "patternProperties",
        "dependentRequired",
        "propertyNames",
    },
    "array": {"items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "string": {"minLength", "maxLength", "pattern", "format"},
}


class UnsatisfiableError(ValueError):
    """No value was found; the message says for which part of the schema."""


def generate(schema: Any, draws: Draws, brief: Brief | None, shared_by: int = 1) -> Any:
    """Draw a value; its strings are about the brief's topic where the schema leaves them free.

    Without a brief they are about nothing, and what may be left out is. Each part of a value follows from its
    place alone: the order of properties changes only the order in which they are written.

    A request that wants several values, of which this is one, gets no more of them in all. Raises
    UnsatisfiableError if none is found, and for schemas that ask for thousands of values or refer to what is
    not in them.
    """
    most = min(_MOST_VALUES, _MOST_VALUES_IN_ALL // shared_by)
    reason = "no value that satisfies it was found"
    for attempt in range(_ATTEMPTS):
        try:
            value = _Builder(schema, draws.within(attempt), brief, most).value(schema, "", 0)
            if accepts(schema, value, schema):
                return value
        except ArithmeticError:
            reason = "its numbers are beyond what can be calculated with"
        except IntricateError as error:
            raise UnsatisfiableError(str(error)) from error
        except (DeadEndError, UnresolvableError, RecursionError) as error:
            reason = str(error)
    raise UnsatisfiableError(reason)


class _Builder:
    """Builds one value from the top down; `name` is the property that it will stand in."""

    def __init__(self, root: Any, draws: Draws, brief: Brief | None, most: int) -> None:
        self._root = root
        self._draws = draws
        self._brief = brief
        self._most = most
        self._left = most
        self._flattener = Flattener(root)

    def value(self, schema: Any, name: str, depth: int) -> Any:
        self._left -= 1
        if self._left < 0:
            raise DeadEndError(f"it asks for more than {self._most} values")
        flat = self._flattener.flattened(schema, name, depth, self._draws)
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
                return leaves.string(schema, name, self._draws, self._brief)
            case "integer" | "number":
                return self._number(schema, name, whole=kind == "integer")
            case "boolean":
                return self._draws.chance(0.5)
            case "null":
                return None
        raise DeadEndError(f"{name or 'it'} has the unknown type {shown(kind)}")

    def _one_of(self, values: Sequence[Any], schema: Mapping[str, Any], name: str) -> Any:
        rest = {keyword: schema[keyword] for keyword in schema if keyword != "enum"}
        start = self._draws.between(0, len(values) - 1)
        for value in (*values[start:], *values[:start]):
            if accepts(rest, value, self._root):
                return value
        raise DeadEndError(f"no value of the enum of {name or 'it'} satisfies the rest of its schema")

    def _type(self, schema: Mapping[str, Any], depth: int) -> str:
        kind = schema.get("type")
        if isinstance(kind, str):
            return kind
        if isinstance(kind, list) and kind:
            if depth > SOON_SHALLOW and "null" in kind:
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
        wanted = [name for name in properties if name in required or self._includes(name, depth)]
        wanted += [name for name in required if name not in properties]
        for name in wanted:
            wanted += [
                each for each in schema.get("dependentRequired", {}).get(name, ()) if each not in wanted
            ]
        least = schema.get("minProperties", 0)
        spare = sorted(name for name in properties if name not in wanted)
        wanted += spare[: max(least - len(wanted), 0)]
        others = schema.get("additionalProperties", {})
        result = {name: self._part(name, properties.get(name, others), name, depth) for name in wanted}
        for number in itertools.count(1):
            if len(result) >= least:
                break
            name = self._name(schema, number)
            result.setdefault(name, self._part(name, others, name, depth))
        return result

    def _part(self, place: str, schema: Any, name: str, depth: int) -> Any:
        outer, self._draws = self._draws, self._draws.within(place)
        try:
            return self.value(schema, name, depth + 1)
        finally:
            self._draws = outer

    def _name(self, schema: Mapping[str, Any], number: int) -> str:
        if number > _MOST_VALUES:
            raise DeadEndError(f"no {schema['minProperties']} different names satisfy its propertyNames")
        wanted = schema.get("propertyNames", True)
        if accepts(wanted, plain := f"field_{number}", self._root):
            return plain
        return str(self._part(f"name {number}", wanted, "name", 0))

    def _includes(self, name: str, depth: int) -> bool:
        if self._brief is None or depth > SOON_SHALLOW:
            return False
        return self._draws.within(name, "is there").chance(_OPTIONAL_SHARE)

    def _array(self, schema: Mapping[str, Any], name: str, depth: int) -> list[Any]:
        first = schema.get("prefixItems", [])
        others = schema.get("items", {"type": "string"})
        least = max(schema.get("minItems", 0), schema.get("minContains", 1) if "contains" in schema else 0)
        most = schema.get("maxItems", max(least, len(first)) + 2)
        if others is False:
            most = min(most, len(first))
        if depth > SOON_SHALLOW:
            most = least
        count = self._draws.between(min(max(least, 1), most), most) if most > least else least
        if count > self._left:
            raise DeadEndError(f"it asks for more than {self._most} values")
        schemas = [first[index] if index < len(first) else others for index in range(count)]
        contained = min(schema.get("minContains", 1), count) if "contains" in schema else 0
        for place in range(count - contained, count):
            schemas[place] = {"allOf": [schemas[place], schema["contains"]]}
        items: list[Any] = []
        for index, item in enumerate(schemas):
            items.append(self._unlike(items if schema.get("uniqueItems") else (), item, name, depth, index))
        return items

    def _unlike(self, others: Sequence[Any], schema: Any, name: str, depth: int, index: int) -> Any:
        for attempt in range(_ATTEMPTS):
            value = self._part(f"{index}.{attempt}", schema, name, depth)
            if value not in others:
                return value
        raise DeadEndError(f"no {len(others) + 1} different values were found for {name or 'an array'}")

    def _number(self, schema: Mapping[str, Any], name: str, *, whole: bool) -> int | float:
        number = leaves.number(schema, self._draws, whole=whole)
        if number is None:
            raise DeadEndError(f"no number lies within the limits of {name or 'it'}")
        return number
