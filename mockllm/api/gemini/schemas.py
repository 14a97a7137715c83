"""Google's schemas, a dialect of OpenAPI's, as JSON schemas. Pure."""

from collections.abc import Mapping
from typing import Any

_COUNTS = ("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties")
_LISTED = ("anyOf", "allOf", "oneOf")


def json_schema(schema: Any) -> Any:
    """Write types in lower case, `nullable` as a type, and counts, which may come as text, as numbers."""
    if not isinstance(schema, Mapping):
        return schema
    written = {name: value for name, value in schema.items() if name not in ("nullable", "propertyOrdering")}
    kind = schema.get("type")
    if isinstance(kind, str):
        written["type"] = kind.lower()
    if written.get("type") == "type_unspecified":
        del written["type"]
    for name in _COUNTS:
        count = schema.get(name)
        if isinstance(count, str) and count.isascii() and count.isdigit() and len(count) < 10:
            written[name] = int(count)
    if isinstance(properties := schema.get("properties"), Mapping):
        written["properties"] = {name: json_schema(each) for name, each in properties.items()}
    if "items" in schema:
        written["items"] = json_schema(schema["items"])
    for name in _LISTED:
        if isinstance(schema.get(name), list):
            written[name] = [json_schema(each) for each in schema[name]]
    return _nullable(written) if schema.get("nullable") is True else written


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(schema.get("enum"), list):
        schema = {**schema, "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else schema
