"""Generated values against a validator that is not ours."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockllm.text.prompt import read_brief
from mockllm.text.schema import UnsatisfiableError, complaint, generate
from mockllm.values.draws import Draws, digest

BRIEF = read_brief("What is the weather in Paris?")


def value_of(schema: Any, seed: int = 0) -> Any:
    return generate(schema, Draws(digest(seed)), BRIEF)


def is_valid(schema: Any, value: Any) -> bool:
    return jsonschema_rs.validator_for(schema, validate_formats=True).is_valid(value)


LINKED = {
    "$defs": {"node": {
        "type": "object",
        "properties": {"value": {"type": "integer"}, "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}},
        "required": ["value", "next"], "additionalProperties": False,
    }},
    "$ref": "#/$defs/node",
}  # fmt: skip
TREE = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#"}}},
    "required": ["name", "children"],
}


@pytest.mark.parametrize(
    "schema",
    [
        True,
        {},
        {"const": {"a": [1]}},
        {"enum": ["red", 2, None]},
        {"enum": [1, 2, 3], "minimum": 3},
        {"type": "string", "pattern": "^[^@]+@[a-z]+(\\.[a-z]+)+$"},
        {"type": "integer", "minimum": 5, "maximum": 5},
        {"type": "integer", "exclusiveMinimum": 5, "exclusiveMaximum": 7},
        {"type": "integer", "maximum": -10**12},
        {"type": "integer", "multipleOf": 2.5, "minimum": 1},
        {"type": "number", "multipleOf": 0.1, "minimum": 0.25, "maximum": 0.35},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.001},
        {"type": "string", "minLength": 80},
        {"type": "string", "maxLength": 2},
        {"type": "string", "pattern": "^[A-Z]{3}-\\d{2,4}(\\.[^a-z]+)?$"},
        {"type": "string", "pattern": "(foo|ba[rz]).*!", "minLength": 9},
        {"type": ["null", "boolean"]},
        {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 9}, "minItems": 8, "uniqueItems": True},
        {"type": "array", "prefixItems": [{"const": 1}, {"const": 2}], "items": False, "minItems": 2},
        {"type": "array", "contains": {"const": "x"}, "items": {"type": "string"}},
        {"type": "array", "maxItems": 0},
        {"type": "object", "minProperties": 3, "additionalProperties": {"type": "integer"}},
        {"type": "object", "required": ["a"], "properties": {"b": {"type": "string"}}},
        {"properties": {"a": {"type": "string"}}, "required": ["a"]},
        {"allOf": [{"type": "object", "properties": {"a": {"type": "integer"}}}, {"required": ["a", "b"]}]},
        {"allOf": [{"type": "number"}, {"type": "integer"}, {"minimum": 3}, {"minimum": 9}]},
        {"anyOf": [{"type": "string"}, {"type": "integer"}], "minLength": 3},
        {"oneOf": [{"type": "integer", "minimum": 3}, {"type": "number", "maximum": 10}]},
        {"not": {"type": "string"}},
        {"type": "integer", "not": {"minimum": 50}, "minimum": 0, "maximum": 99},
        {"if": {"type": "string"}, "then": {"minLength": 20}, "else": {"type": "integer"}},
        LINKED,
        TREE,
        {"type": "string", "pattern": "^[0-9a-f]+$", "minLength": 64, "maxLength": 64},
        {"type": "string", "pattern": "^[A-HJ-NPR-Z0-9]+$", "minLength": 17, "maxLength": 17},
        {"type": "string", "pattern": "^.*$", "minLength": 25, "maxLength": 30},
        {"type": "string", "pattern": "^[a-z]+@[a-z]+\\.com$", "minLength": 64, "maxLength": 64},
        {"type": "string", "pattern": "[0-9]", "minLength": 20},
        {"type": "string", "pattern": "^(?=.*[A-Z])(?=.*\\d).{8,}$"},
        {"type": "string", "pattern": "^a+$", "not": {"pattern": "^a{1,20}$"}},
        {"allOf": [{"type": "string", "pattern": "^[a-z]+$"}, {"pattern": "^.{25,40}$"}]},
        {"type": "string", "allOf": [{"pattern": "^[A-Z]"}, {"pattern": "[0-9]$"}], "minLength": 12},
        {"type": "object", "required": ["a"], "dependentSchemas": {"a": {"required": ["z"], "properties": {"z": {"type": "null"}}}}},
        {"type": "object", "required": ["a"], "dependencies": {"a": ["z"], "z": {"required": ["y"]}}},
        {"type": "object", "required": ["k"], "unevaluatedProperties": {"type": "integer"}, "minProperties": 3},
        {"allOf": [{"required": ["a"], "properties": {"a": {"const": 1}}}], "type": "object", "unevaluatedProperties": False},
        {"type": "array", "contains": {"type": "integer"}, "unevaluatedItems": False},
        {"type": "array", "prefixItems": [{"type": "string"}], "unevaluatedItems": {"type": "null"}, "minItems": 3},
        {"type": "object", "properties": {"a": {"$dynamicRef": "#m"}}, "required": ["a"],
         "$defs": {"x": {"$dynamicAnchor": "m", "type": "integer"}}},
        {"type": "object", "properties": {"a": {"$ref": "#m"}}, "required": ["a"], "$defs": {"x/%": {"$anchor": "m", "type": "integer"}}},
        {"properties": {"a": {"$ref": "Thing"}}, "required": ["a"], "$defs": {"x": {"$id": "Thing", "type": "integer"}}},
        {"type": "object", "patternProperties": {"^x_[0-9]+$": {"type": "integer"}}, "additionalProperties": False, "minProperties": 2},
        {"type": "object", "patternProperties": {"^x": {"type": "integer"}}, "required": ["x1"], "additionalProperties": False},
        {"type": "object", "propertyNames": {"minLength": 3, "maxLength": 3}, "minProperties": 3},
    ],
)  # fmt: skip
def test_values_satisfy_their_schema(schema: Any) -> None:
    for seed in range(20):
        assert is_valid(schema, value_of(schema, seed))


@pytest.mark.parametrize(
    "name", ["date-time", "date", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uuid"]
)
def test_formats(name: str) -> None:
    schema = {"type": "string", "format": name}
    for seed in range(20):
        assert is_valid(schema, value_of(schema, seed))


scalars = st.one_of(
    st.just({"type": "boolean"}),
    st.just({"type": "null"}),
    st.builds(lambda values: {"enum": values}, st.lists(st.one_of(st.integers(), st.text(), st.none()), min_size=1)),
    st.builds(
        lambda low, span, kind: {"type": kind, "minimum": low, "maximum": low + span},
        st.integers(-1000, 1000), st.integers(0, 50), st.sampled_from(["integer", "number"]),
    ),
    st.builds(
        lambda low, span: {"type": "string", "minLength": low, "maxLength": low + span}, st.integers(0, 30), st.integers(0, 9)
    ),
)  # fmt: skip


def containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    named = st.dictionaries(st.text(max_size=8), inner, max_size=4)
    return st.one_of(
        st.builds(
            lambda items, low, span: {"type": "array", "items": items, "minItems": low, "maxItems": low + span},
            inner, st.integers(0, 3), st.integers(0, 3),
        ),
        st.builds(
            lambda properties, extra: {
                "type": "object", "properties": properties, "required": list(properties)[::2], "additionalProperties": extra,
            },
            named, st.booleans(),
        ),
        st.builds(lambda branches: {"anyOf": branches}, st.lists(inner, min_size=1, max_size=3)),
    )  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.recursive(scalars, containers, max_leaves=12), st.integers(0, 5))
def test_values_of_any_satisfiable_schema_satisfy_it(schema: Any, seed: int) -> None:
    assert complaint(schema, strict=False) is None
    assert is_valid(schema, value_of(schema, seed))


def multiplied(keyword: str, levels: int, width: int) -> Any:
    """A few lines that stand for millions of schemas."""
    names = [{"$ref": f"#/$defs/{level + 1}"} for level in range(levels)]
    return {
        "$ref": "#/$defs/0",
        "$defs": {
            **{str(level): {keyword: [name] * width} for level, name in enumerate(names)},
            str(levels): {"not": {}},
        },
    }


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (False, "must not exist"),
        ({"type": "integer", "minimum": 3, "maximum": 2}, "no number lies"),
        ({"allOf": [{"type": "string"}, {"type": "object"}]}, "contradict"),
        ({"allOf": [{"enum": [1]}, {"enum": [2]}]}, "contradict"),
        ({"$ref": "#"}, "without end"),
        ({"$ref": "#/$defs/nowhere"}, "leads nowhere"),
        ({"$ref": "#nowhere"}, "does not refer"),
        ({"type": "object", "required": ["k"], "unevaluatedProperties": False}, "must not exist"),
        ({"type": "object", "unevaluatedProperties": False, "minProperties": 1}, "no 1 properties"),
        ({"type": "array", "prefixItems": [{}], "minItems": 2, "unevaluatedItems": False}, "must not exist"),
        ({"type": "object", "required": ["a"], "dependentSchemas": {"a": False}}, "must not exist"),
        (
            {"type": "object", "propertyNames": {"enum": ["a", "b"]}, "minProperties": 3},
            "no 3 different names",
        ),
        ({"$ref": "https://example.com/schema"}, "does not refer"),
        ({"type": "array", "minItems": 10**9}, "more than 2000"),
        ({"type": "object", "minProperties": 10**9}, "more than 2000"),
        ({"type": "array", "items": {"const": 1}, "minItems": 2, "uniqueItems": True}, "different values"),
        ({"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}, "without end"),
        ({"type": "string", "minLength": 10**9}, "no value"),
        ({"type": "string", "pattern": "((a{999}){999}){999}"}, "not a regular expression"),
        ({"type": "number", "multipleOf": 1e-300, "minimum": 1e300}, "beyond what can be calculated"),
        ({"not": {}}, "no value"),
        ({"type": "string", "minLength": 5000, "not": {"pattern": "(?=b)a"}}, "texts of at most 4096"),
        (multiplied("allOf", levels=5, width=30), "more than 20000 steps"),
        (multiplied("anyOf", levels=5, width=30), "more than 100000 looks"),
    ],
)
def test_what_cannot_be_satisfied_is_told(schema: Any, words: str) -> None:
    with pytest.raises(UnsatisfiableError, match=words):
        value_of(schema)


def test_strings_take_up_what_was_asked() -> None:
    properties = {name: {"type": "string"} for name in ("city", "query", "summary")}
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    assert value_of(schema) == {
        "city": "Paris",
        "query": "the weather in Paris",
        "summary": value_of(schema)["summary"],
    }


@pytest.mark.parametrize(
    "schema",
    [
        {
            "type": "object",
            "properties": {
                "card": {"type": "string"},
                "billing": {"type": "string"},
                "zip": {"type": "integer"},
            },
            "required": ["card"],
            "dependentRequired": {"card": ["billing"], "billing": ["zip"]},
        },
        {"type": "object", "minProperties": 3, "propertyNames": {"pattern": "^[a-z]{3}_id$"}},
        {
            "type": "object",
            "minProperties": 2,
            "propertyNames": {"maxLength": 12},
            "additionalProperties": {"type": "integer"},
        },
        {
            "type": "array",
            "items": {"type": ["integer", "string"]},
            "contains": {"type": "string"},
            "minContains": 4,
        },
        {
            "type": "array",
            "items": {"type": "integer"},
            "contains": {"minimum": 5},
            "minContains": 1,
            "maxContains": 2,
        },
    ],
)
def test_keywords_that_bind_parts_together(schema: Any) -> None:
    for seed in range(40):
        assert is_valid(schema, value_of(schema, seed))
        assert is_valid(schema, generate(schema, Draws(digest(seed)), None))


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer"}, {"type": "number"}, {"type": "integer", "minimum": -(2**53) + 1, "maximum": 2**53 - 1},
        {"type": "number", "minimum": 0}, {"type": "integer", "maximum": 1000},
    ],
)  # fmt: skip
def test_numbers_are_small_and_whole(schema: Any) -> None:
    values = {value_of(schema, seed) for seed in range(50)}
    assert all(isinstance(value, int) and 0 <= value <= 1000 for value in values)
    assert len(values) > 3


def test_arguments_leave_out_what_may_be() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "required": ["a"],
    }
    assert {tuple(generate(schema, Draws(digest(seed)), None)) for seed in range(20)} == {("a",)}
