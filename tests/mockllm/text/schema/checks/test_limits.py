"""The documented limits of strict mode that the checks of a body do not reach."""

from mockllm.text.schema import beyond_limits


def test_properties_and_characters_are_counted_over_all() -> None:
    many = {"type": "object", "properties": {f"p{number}": {"type": "string"} for number in range(5001)}}
    assert beyond_limits(many) == "at most 5000 properties in total, got 5001."
    long = {"type": "object", "properties": {"x" * 120_001: {"type": "string"}}}
    assert beyond_limits(long) == "at most 120000 characters of names and values in total, got 120001."


def test_definitions_are_looked_into() -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": {"b": {"not": {}}}}
    assert beyond_limits(schema) == "In context=('$defs', 'b'), 'not' is not permitted."
    assert (
        beyond_limits({"type": "array", "items": {"if": {}}})
        == "In context=('items',), 'if' is not permitted."
    )
    assert beyond_limits({"properties": {"a": {"anyOf": [{"type": "null"}]}}}) is None
    assert beyond_limits(None) is None
