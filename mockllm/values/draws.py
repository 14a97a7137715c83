"""Seeded draws that are the same on every machine and Python.

Only `random.Random.random` is used underneath: its sequence for a given integer seed is guaranteed not to
change between Python versions, which `choice` and `shuffle` do not promise. Seeds come from SHA-256, never
from `hash()`.
"""

import hashlib
import math
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def digest(*parts: str | int | bytes) -> bytes:
    """Hash parts so that no two different lists of parts give the same bytes."""
    state = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        state.update(b"%d:" % len(data))
        state.update(data)
    return state.digest()


class Draws:
    """A stream of draws that follows from its seed alone."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._random = random.Random(int.from_bytes(seed, "big"))

    def within(self, *place: str | int) -> "Draws":
        """Return the draws of a place: they do not depend on what was drawn elsewhere, nor on how much."""
        return Draws(digest(self._seed, *place))

    def chance(self, probability: float) -> bool:
        return self._random.random() < probability

    def share(self) -> float:
        """Draw a number from 0 up to, but not including, 1."""
        return self._random.random()

    def between(self, low: int, high: int) -> int:
        """Draw an integer, both ends included."""
        return low + int(self._random.random() * (high - low + 1))

    def normal(self) -> float:
        """Draw from the normal distribution of mean 0 and deviation 1, by the method of Box and Muller."""
        radius = math.sqrt(-2 * math.log(1 - self._random.random()))
        return radius * math.cos(2 * math.pi * self._random.random())

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self._random.random() * len(items))]
