"""The two spellings of a name in Google's JSON, `responseSchema` and `response_schema`. Pure."""

import re
from functools import cache
from typing import Any

# A line in front belongs to the name, as in `_responseJsonSchema`.
_SNAKE = re.compile(r"(?<=[a-zA-Z])_([a-z])")
_CAPITAL = re.compile("[A-Z]")
# What stands below these is the caller's own.
_SCHEMAS = {
    "parameters",
    "parametersJsonSchema",
    "responseJsonSchema",
    "_responseJsonSchema",
    "responseSchema",
}
_FREE = frozenset({"args", "mock", "response", *_SCHEMAS})


def camel_case(name: str) -> str:
    """Write a name as Google's documents do, whichever way it came."""
    return _SNAKE.sub(lambda found: found[1].upper(), name)


@cache
def snake_case(field: str) -> str:
    """Write the name of a field as protobuf does; only for fields that are known, as it is remembered."""
    return _CAPITAL.sub(lambda found: f"_{found[0].lower()}", field)


def in_camel_case(given: Any) -> Any:
    """Write names as Google's JSON does; `system_instruction` is taken, too, as by every protobuf server."""
    if isinstance(given, list):
        return [in_camel_case(each) for each in given]
    if not isinstance(given, dict):
        return given
    named = ((camel_case(name), value) for name, value in given.items())
    return {name: value if name in _FREE else in_camel_case(value) for name, value in named}
