"""A seeded value that satisfies a JSON schema. Pure.

Values are drawn, then checked against the whole schema, a few times over: what cannot be built directly
(`not`, `oneOf` whose branches overlap, `if`) is found by trying or not at all. If no value is found so, texts
are fitted to their patterns and lengths one by one.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from mockllm.text.prompt import Brief
from mockllm.text.schema import leaves
from mockllm.text.schema.anchors import placed
from mockllm.text.schema.checks import IntricateError, UnresolvableError, accepts
from mockllm.text.schema.flatten import SOON_SHALLOW, DeadEndError, Flattener
from mockllm.text.schema.merge import merged
from mockllm.text.schema.properties import needed_names, needed_schemas, schema_of
from mockllm.text.schema.texts import Fitting
from mockllm.values import Draws, shown

_ATTEMPTS = 24
_FITTING_ATTEMPTS = 8
_MOST_NAMES_IN_VAIN = 200
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


class TooManyError(DeadEndError):
    """More values are asked for than one may cost: no other draw will do with fewer."""


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
    schema = placed(schema)
    fitting = Fitting()
    for attempt in range(_ATTEMPTS + _FITTING_ATTEMPTS):
        fits = fitting if attempt >= _ATTEMPTS else None
        try:
            value = _Builder(schema, draws.within(attempt), brief, most, fits).value(schema, "", 0)
            if accepts(schema, value, schema):
                return value
        except ArithmeticError:
            reason = "its numbers are beyond what can be calculated with"
        except IntricateError as error:
            raise UnsatisfiableError(str(error)) from error
        except TooManyError as error:
            reason = str(error)
            if fits:
                break
        except (DeadEndError, UnresolvableError, RecursionError) as error:
            reason = str(error)
    raise UnsatisfiableError(reason)


class _Builder:
    """Builds one value from the top down; `name` is the property that it will stand in."""

    def __init__(
        self, root: Any, draws: Draws, brief: Brief | None, most: int, fitting: Fitting | None
    ) -> None:
        self._root = root
        self._draws = draws
        self._brief = brief
        self._most = most
        self._fitting = fitting
        self._left = most
        self._flattener = Flattener(root)

    def value(self, schema: Any, name: str, depth: int) -> Any:
        self._left -= 1
        if self._left < 0:
            raise TooManyError(f"it asks for more than {self._most} values")
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
                return self._string(schema, name)
            case "integer" | "number":
                return self._number(schema, name, whole=kind == "integer")
            case "boolean":
                return self._draws.chance(0.5)
            case "null":
                return None
        raise DeadEndError(f"{name or 'it'} has the unknown type {shown(kind)}")

    def _one_of(self, values: Sequence[Any], schema: Mapping[str, Any], name: str) -> Any:
        apart = {"enum"} if self._fitting else {"enum", "allOf"}
        rest = {keyword: schema[keyword] for keyword in schema if keyword not in apart}
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

    def _string(self, schema: Mapping[str, Any], name: str) -> str:
        if self._fitting is None or "pattern" not in schema:
            return leaves.string(schema, name, self._draws, self._brief)
        text = self._fitting.text(schema, self._draws, lambda text: accepts(schema, text, self._root))
        if text is None:
            raise DeadEndError(f"no text that fits the pattern of {name or 'it'} and its lengths was found")
        return text

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        wanted = self._wanted(schema, depth)
        needs = needed_schemas(schema)
        for name in wanted:
            if name in needs:
                need = self._flattener.flattened(needs.pop(name), name, depth + 1, self._draws)
                rest = {**schema, "dependentSchemas": needs, "dependencies": {}}
                rest["dependentRequired"] = needed_names(schema)
                return self._object(merged(rest, need, DeadEndError), depth)
        least = schema.get("minProperties", 0)
        result = {name: self._part(name, schema_of(schema, name), name, depth) for name in wanted}
        for number in itertools.count(1):
            if len(result) >= least:
                break
            name = self._name(schema, number, least)
            if name not in result:
                result[name] = self._part(name, schema_of(schema, name), name, depth)
        return result

    def _wanted(self, schema: Mapping[str, Any], depth: int) -> list[str]:
        """Choose among the properties: what must be there, what that needs, and some of the others."""
        properties, required = schema.get("properties", {}), schema.get("required", ())
        wanted = [name for name in properties if name in required or self._includes(name, depth)]
        wanted += [name for name in required if name not in properties]
        needs = needed_names(schema)
        for name in wanted:
            wanted += [each for each in needs.get(name, ()) if each not in wanted]
        spare = sorted(name for name in properties if name not in wanted)
        return wanted + spare[: max(schema.get("minProperties", 0) - len(wanted), 0)]

    def _part(self, place: str, schema: Any, name: str, depth: int) -> Any:
        outer, self._draws = self._draws, self._draws.within(place)
        try:
            return self.value(schema, name, depth + 1)
        finally:
            self._draws = outer

    def _name(self, schema: Mapping[str, Any], number: int, least: int) -> str:
        """Make up a name: a plain one, else one that its schema or a pattern allows."""
        if number > least + _MOST_NAMES_IN_VAIN:
            raise DeadEndError(f"no {least} different names are allowed of it")
        wanted = schema.get("propertyNames", True)
        plain = f"field_{number}"
        if accepts(wanted, plain, self._root) and schema_of(schema, plain) is not False:
            return plain
        described = schema.get("patternProperties", {})
        patterns = sorted(pattern for pattern, each in described.items() if each is not False)
        if not patterns and schema_of(schema, plain) is False:
            raise DeadEndError(f"no {least} properties are allowed of it")
        if self._fitting and patterns:
            # A pattern without an end is found in longer names, too.
            longer = {"minLength": 8} if number % 2 else {}
            wanted = {"allOf": [wanted, {"pattern": patterns[number // 2 % len(patterns)], **longer}]}
        elif self._fitting and number % 2:
            wanted = {"allOf": [wanted, {"pattern": "^[a-z0-9]+$"}]}
        return str(self._part(f"name {number}", wanted, "name", 0))

    def _includes(self, name: str, depth: int) -> bool:
        if self._brief is None or depth > SOON_SHALLOW:
            return False
        return self._draws.within(name, "is there").chance(_OPTIONAL_SHARE)

    def _array(self, schema: Mapping[str, Any], name: str, depth: int) -> list[Any]:
        first = schema.get("prefixItems", [])
        others = schema.get("items", schema.get("unevaluatedItems", {"type": "string"}))
        if "items" not in schema and others is False:
            others = schema.get("contains", False)
        least = max(schema.get("minItems", 0), schema.get("minContains", 1) if "contains" in schema else 0)
        most = schema.get("maxItems", max(least, len(first)) + 2)
        if others is False:
            most = min(most, len(first))
        if depth > SOON_SHALLOW:
            most = least
        count = self._draws.between(min(max(least, 1), most), most) if most > least else least
        if count > self._left:
            raise TooManyError(f"it asks for more than {self._most} values")
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
