import pytest

from mockllm.api.gemini.schemas import json_schema


@pytest.mark.parametrize(
    ("googles", "written"),
    [
        ({"type": "STRING"}, {"type": "string"}),
        ({"type": "INTEGER", "nullable": True}, {"type": ["integer", "null"]}),
        ({"type": "STRING", "enum": ["a"], "nullable": True}, {"type": ["string", "null"], "enum": ["a", None]}),
        ({"type": "ARRAY", "items": {"type": "NUMBER"}, "minItems": "2"}, {"type": "array", "items": {"type": "number"}, "minItems": 2}),
        (
            {"type": "OBJECT", "properties": {"nullable": {"type": "BOOLEAN"}}, "propertyOrdering": ["nullable"]},
            {"type": "object", "properties": {"nullable": {"type": "boolean"}}},
        ),
        ({"anyOf": [{"type": "STRING"}, {"type": "NULL"}]}, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ({"type": "TYPE_UNSPECIFIED"}, {}),
        (None, None),
    ],
)  # fmt: skip
def test_googles_schemas_are_read_as_json_schemas(googles: object, written: object) -> None:
    assert json_schema(googles) == written
