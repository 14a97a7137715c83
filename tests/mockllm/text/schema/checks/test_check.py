"""The checker against one that is not ours."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockllm.text.schema.checks.check import UnresolvableError, accepts, resolve

VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 12), st.sampled_from([0.5, 2.0, -1.5, "", "a", "ab", "x1"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["a", "b", "x1"]), inner, max_size=3)),
    max_leaves=5,
)  # fmt: skip
SMALL = st.integers(0, 3)
TYPES = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])


def keywords(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    named = st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)
    branches = st.lists(inner, min_size=1, max_size=3)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.one_of(TYPES, st.lists(TYPES, min_size=1, unique=True)),
            "const": VALUES, "enum": st.lists(VALUES, min_size=1, max_size=3),
            "minimum": SMALL, "maximum": SMALL, "exclusiveMinimum": SMALL, "exclusiveMaximum": SMALL,
            "multipleOf": st.sampled_from([2, 0.5, 1.5]), "minLength": SMALL, "maxLength": SMALL,
            "pattern": st.sampled_from(["^a", "b$", "[0-9]"]), "minItems": SMALL, "maxItems": SMALL,
            "uniqueItems": st.booleans(), "items": inner, "prefixItems": branches, "contains": inner,
            "properties": named, "additionalProperties": inner, "patternProperties": st.builds(lambda each: {"^x": each}, inner),
            "required": st.lists(st.sampled_from(["a", "b"]), unique=True), "minProperties": SMALL, "maxProperties": SMALL,
            "allOf": branches, "anyOf": branches, "oneOf": branches, "not": inner, "if": inner, "then": inner, "else": inner,
            "dependentSchemas": named, "dependentRequired": st.just({"a": ["b"]}),
            "unevaluatedProperties": inner, "unevaluatedItems": inner,
        },
    )  # fmt: skip


def few(schema: dict[str, Any], wanted: list[int]) -> dict[str, Any]:
    names = list(schema)
    return {names[index % len(names)]: schema[names[index % len(names)]] for index in wanted} if names else {}


SCHEMAS = st.recursive(
    st.one_of(st.booleans(), st.builds(lambda kind: {"type": kind}, TYPES)),
    lambda inner: st.builds(few, keywords(inner), st.lists(st.integers(0, 40), min_size=1, max_size=4)),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(SCHEMAS, VALUES)
def test_both_checkers_agree(schema: Any, value: Any) -> None:
    expected = jsonschema_rs.validator_for(schema).is_valid(value)
    assert accepts(schema, value, schema) == expected


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("#", {"a": {"b/c": [1, {"~": 2}]}}),
        ("#/a/b~1c/1", {"~": 2}),
        ("#/a/b~1c/1/~0", 2),
        ("#/a/b%2Fc/0", 1),
    ],
)
def test_references(reference: str, found: Any) -> None:
    assert resolve(reference, {"a": {"b/c": [1, {"~": 2}]}}) == found


@pytest.mark.parametrize("reference", ["#/b", "#/a/0", "#/a/x", "other.json", 5])
def test_references_that_lead_nowhere(reference: Any) -> None:
    with pytest.raises(UnresolvableError):
        resolve(reference, {"a": []})
