"""What an object of the SDK holds against its own type: the SDK builds objects without looking."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from pydantic import BaseModel, ValidationError


def strict_errors(received: BaseModel) -> list[str]:
    """List missing fields, wrong types and unknown fields, each with its place; list indexes are `*`."""
    raw = received.model_dump(mode="json", by_alias=True, exclude_unset=True, warnings=False)
    try:
        checked = type(received).model_validate_json(msgspec.json.encode(raw), strict=True)
    except ValidationError as error:
        return sorted({f"{_place(problem['loc'])}: {problem['type']}" for problem in error.errors()})
    return sorted({f"{place}: unknown field" for place in _unknown(checked, "")})


def _unknown(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from (f"{place}{name}" for name in value.model_extra or ())
        for name in type(value).model_fields:
            yield from _unknown(getattr(value, name), f"{place}{name}.")
    elif isinstance(value, list):
        for item in value:
            yield from _unknown(item, f"{place}*.")


def _place(location: tuple[int | str, ...]) -> str:
    return re.sub(r"\b\d+\b", "*", ".".join(map(str, location)))
