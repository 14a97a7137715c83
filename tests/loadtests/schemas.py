"""The JSON schema of what is written as JSON: made from its type, and kept in docs/ for those who read it."""

import inspect

import msgspec


def schema_of(kind: type[msgspec.Struct]) -> str:
    """The schema's text, the same on every Python."""
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(kind)}
    for described in made["$defs"].values():
        if "description" in described:
            # Python 3.13 takes the indentation out of docstrings, earlier ones leave it in.
            described["description"] = inspect.cleandoc(described["description"])
    return msgspec.json.format(msgspec.json.encode(made)).decode() + "\n"
