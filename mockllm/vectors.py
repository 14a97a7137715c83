"""Seeded unit vectors for texts: the more words two texts share, the closer their vectors. Pure."""

import hashlib
import math
import re
import struct
from collections.abc import Sequence

from mockllm.draws import digest

_WORD = re.compile(r"[^\W_]+")
_PLACES_A_WORD = 48
_MOST_WORDS = 1000
# How much of a vector is the text's own, however alike its words are to another's.
_OWN_SHARE = 0.25


def vector(text: str, seed: int, size: int, dimensions: int) -> list[float]:
    """Make a vector of the model's size, cut to the wanted dimensions, as OpenAI cuts, and of length 1."""
    words = list(dict.fromkeys(_WORD.findall(text.lower())))[:_MOST_WORDS]
    values = _own(text, seed, size)
    for word in words:
        for place, value in _places(word, seed, size):
            values[place] += value
    return _unit(values[:dimensions])


def _own(text: str, seed: int, size: int) -> list[float]:
    noise = hashlib.shake_256(digest(seed, "text", text)).digest(2 * size)
    scale = _OWN_SHARE / 32768 * math.sqrt(_PLACES_A_WORD / size * 3)
    return [value * scale for (value,) in struct.iter_unpack("<h", noise)]


def _places(word: str, seed: int, size: int) -> list[tuple[int, float]]:
    """Draw the places of a vector that a word adds to or takes from."""
    noise = hashlib.shake_256(digest(seed, "word", word)).digest(2 * _PLACES_A_WORD)
    drawn = [value for (value,) in struct.iter_unpack("<H", noise)]
    return [((value >> 1) % size, 1.0 if value & 1 else -1.0) for value in drawn]


def _unit(values: Sequence[float]) -> list[float]:
    # Squares are summed in order and rooted: each step is exact to the last bit on every machine.
    total = 0.0
    for value in values:
        total += value * value
    length = math.sqrt(total)
    return [round(value / length, 8) for value in values]
