"""An answer that is JSON: any object, or one that a schema describes. Pure."""

import msgspec

from mockllm.text import Brief, UnsatisfiableError, generate
from mockllm.values import ApiError, Ask, Draws

_ANY_OBJECT = {
    "type": "object",
    "properties": {
        "topic": {"type": "string"},
        "summary": {"type": "string"},
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 4},
    },
    "required": ["topic", "summary", "score", "tags"],
}


def json_text(ask: Ask, brief: Brief, draws: Draws) -> str:
    """Write the JSON. Raises ApiError for a schema that nothing satisfies."""
    try:
        value = generate(_ANY_OBJECT if ask.form == "json_object" else ask.schema, draws, brief, ask.choices)
    except UnsatisfiableError as error:
        message = f"Invalid schema for {ask.form_place}: {error}"
        raise ApiError(400, message, param=ask.form_place, code="invalid_schema") from error
    # One of several words stands for itself, without quotation marks.
    is_word = ask.form == "enum" and isinstance(value, str)
    return value if is_word else msgspec.json.encode(value).decode()
