"""How many requests, faults and tokens there were, counted since the start and for all workers at once."""

from collections.abc import Iterator
from typing import NamedTuple

from mockllm.journal.store import Store

MOST_MODELS = 200
OTHER = "(other)"

_ADD = """
INSERT INTO counts (name, path, model, label, value) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (name, path, model, label) DO UPDATE SET value = value + excluded.value
"""
_KNOWN = "SELECT 1 FROM counts WHERE model = ? LIMIT 1"
_MODELS = "SELECT count(DISTINCT model) FROM counts"


class Count(NamedTuple):
    """A count of requests by status, of faults by name, or of tokens: of prompts and of completions."""

    name: str
    path: str
    model: str
    label: str
    value: int


class Counts:
    """Adds up; after so many models the others are counted as one, lest they fill the page and the memory."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, path: str, model: str, status: int, fault: str, tokens: tuple[int, int]) -> None:
        """Count one request, and its tokens: those of the prompt and those of the answer."""
        billed = zip(("prompt", "completion"), tokens, strict=True)
        with self._store.transaction() as connection:
            if not connection.execute(_KNOWN, (model,)).fetchone():
                (models,) = connection.execute(_MODELS).fetchone()
                model = model if models < MOST_MODELS else OTHER
            rows = [("requests", path, model, str(status), 1)]
            rows += [("faults", path, model, fault, 1)] if fault else []
            rows += [("tokens", path, model, kind, number) for kind, number in billed if number]
            connection.executemany(_ADD, rows)

    def __iter__(self) -> Iterator[Count]:
        query = "SELECT name, path, model, label, value FROM counts ORDER BY name, path, model, label"
        with self._store.opened() as connection:
            rows = connection.execute(query).fetchall()
        return iter([Count(*row) for row in rows])
