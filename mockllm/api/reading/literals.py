"""Which words a type of a request takes at a place in it. Pure."""

from collections.abc import Sequence
from typing import Any

from msgspec import inspect


def literals_at(kind: Any, steps: Sequence[str | int]) -> tuple[Any, ...]:
    """List the words; none where a place takes any, and where it cannot be told which place it is."""
    info: Any = inspect.type_info(kind)
    for step in steps:
        info = _within(info, step)
    literals = (each for each in _readings(info) if isinstance(each, inspect.LiteralType))
    return tuple(value for literal in literals for value in literal.values)


def _readings(info: Any) -> tuple[Any, ...]:
    return info.types if isinstance(info, inspect.UnionType) else (info,)


def _within(info: Any, step: str | int) -> Any:
    for each in _readings(info):
        if isinstance(each, inspect.StructType):
            found = next((field.type for field in each.fields if field.encode_name == step), None)
            if found is not None:
                return found
        if isinstance(each, inspect.ListType) and isinstance(step, int):
            return each.item_type
        if isinstance(each, inspect.DictType):
            return each.value_type
    return None
