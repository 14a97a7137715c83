import re
from typing import Any

import pytest

from mockllm.text.schema import complaint


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (5, "not of type 'object'"),
        ({"type": "text"}, "'type' must be one of"),
        ({"properties": []}, "'properties' must be an object"),
        ({"properties": {"a": 5}}, r"context=\('properties', 'a'\)"),
        ({"anyOf": []}, "'anyOf' must be a list"),
        ({"required": [1]}, "'required' must hold names"),
        ({"minLength": -1}, "'minLength' must be a whole number"),
        ({"minimum": "1"}, "'minimum' must be a number"),
        ({"multipleOf": 0}, "'multipleOf' must be a number"),
        ({"format": {}}, "'format' must be a string"),
        ({"format": ["date"]}, "'format' must be a string"),
        (
            {"properties": {"a": {"format": None}}},
            r"context=\('properties', 'a'\), 'format' must be a string",
        ),
        ({"pattern": "["}, "'pattern' must be a regular expression"),
        ({"patternProperties": {"[": {}}}, "'patternProperties' must be an object"),
        ({"dependencies": {"a": 5}}, "'dependencies' must be an object of schemas"),
        ({"dependentSchemas": {"a": 5}}, r"context=\('dependentSchemas', 'a'\)"),
        ({"unevaluatedProperties": 5}, r"context=\('unevaluatedProperties',\)"),
        ({"enum": list(range(1001))}, "'enum' must hold at most 1000"),
        ({"items": [{}]}, r"context=\('items',\)"),
    ],
)
def test_what_is_no_schema_is_told(schema: Any, words: str) -> None:
    assert re.search(words, complaint(schema, strict=False) or "")


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "object", "properties": {}}, "'additionalProperties' is required to be supplied and to be false"),
        ({"type": "object", "properties": {"a": {}}, "additionalProperties": False}, "Missing 'a'"),
        ({"type": "array", "items": {"type": "object"}}, "('items',), 'additionalProperties'"),
    ],
)  # fmt: skip
def test_strict_mode_has_rules_of_its_own(schema: Any, words: str) -> None:
    assert complaint(schema, strict=False) is None
    assert words in (complaint(schema, strict=True) or "")
