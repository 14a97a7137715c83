"""A mistake in rules with the path to its place; and the one that may hide in any of their texts. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str | int, ...]

_DEEPEST = 100


class RuleError(Exception):
    """A mistake in rules: `path` leads to the value, or with `in_key` to the key itself."""

    def __init__(self, path: Path, problem: str, *, in_key: bool = False) -> None:
        super().__init__(problem)
        self.path = path
        self.problem = problem
        self.in_key = in_key

    def __str__(self) -> str:
        return f"{written(self.path)}: {self.problem}"


def written(path: Path) -> str:
    """Write a path as in `rules[0].when.text`."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(parts).removeprefix(".") or "rules"


def check_characters(value: Any, path: Path) -> None:
    """Refuse a surrogate without its other half, which no encoding can send, anywhere in a value.

    Raises RuleError, for what is nested without end too.
    """
    for place, text in _texts(value, path, 0):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            half = f"\\u{ord(text[error.start]):04x}"
            problem = f"{half}, character {error.start + 1}, is half of one: its other half is missing"
            raise RuleError(place, problem) from error


def _texts(value: Any, path: Path, depth: int) -> Iterator[tuple[Path, str]]:
    if depth > _DEEPEST:
        raise RuleError(path[:3], f"nested more than {_DEEPEST} levels deep")
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            # The place of a key is that of what it stands in: a path with half a character cannot be told.
            yield from _texts(key, path, depth + 1)
            yield from _texts(each, (*path, key), depth + 1)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, (*path, index), depth + 1)
