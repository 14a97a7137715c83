"""A schema made of references and branches, as the plain keywords that one value has to satisfy. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mockllm.text.schema.checks import IntricateError, resolve
from mockllm.text.schema.merge import merged
from mockllm.values import Draws

SOON_SHALLOW = 5
"""Deeper down whatever may be left out is, lest a schema that refers to itself grow for ever."""
_DEEPEST = 24
_MOST_STEPS = 20_000
_COMPOSED = frozenset({"$ref", "allOf", "anyOf", "oneOf", "$defs", "definitions"})


class DeadEndError(ValueError):
    """No value can be built this way; another draw may find one."""


class Flattener:
    """Follows the references of one document."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._left = _MOST_STEPS

    def flattened(self, schema: Any, name: str, depth: int, draws: Draws) -> Mapping[str, Any]:
        """Return plain keywords; `name` is for messages, the draws decide between branches.

        Raises DeadEndError, or what `accepts` raises.
        """
        self._left -= 1
        if self._left < 0:
            raise IntricateError(f"it takes more than {_MOST_STEPS} steps to follow its references")
        if depth > _DEEPEST:
            raise DeadEndError(f"{name or 'it'} is nested without end")
        if schema is False:
            raise DeadEndError(f"{name or 'it'} must not exist")
        if not isinstance(schema, Mapping):
            return {"type": "string"}
        flat: dict[str, Any] = {key: value for key, value in schema.items() if key not in _COMPOSED}
        for branch in self._branches(schema, depth, draws):
            flat = merged(flat, self.flattened(branch, name, depth + 1, draws), DeadEndError)
        return flat

    def _branches(self, schema: Mapping[str, Any], depth: int, draws: Draws) -> Iterator[Any]:
        if "$ref" in schema:
            yield resolve(schema["$ref"], self._root)
        yield from schema.get("allOf", ())
        for keyword in ("anyOf", "oneOf"):
            if schema.get(keyword):
                yield _pick(schema[keyword], depth, draws)


def _pick(branches: Sequence[Any], depth: int, draws: Draws) -> Any:
    return min(branches, key=_weight) if depth > SOON_SHALLOW else draws.pick(branches)


def _weight(schema: Any) -> int:
    """Guess how much a branch brings with it: null and leaves little, references and objects much."""
    text = str(schema)
    return len(text) + 1000 * text.count("$ref")
