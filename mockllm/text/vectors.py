"""Seeded unit vectors for texts: the more words two texts share, the closer their vectors. Pure."""

import hashlib
import math
import operator
import re
import struct
from collections.abc import Sequence

from mockllm.text.letters import lowered
from mockllm.values import digest

# Runs of what is neither ASCII's nor Unicode's punctuation: `\\w` changes with the Unicode of each Python.
_WORD = re.compile(r"[^\x00-/:-@\[-`{-\xa0\u2000-\u206f\u3000-\u303f]+")
_PLACES_A_WORD = 48
_MOST_WORDS = 1000
# How much of a vector is the text's own, however alike its words are to another's.
_OWN_SHARE = 0.25


def vector(text: str, seed: int, size: int, dimensions: int) -> list[float]:
    """Make a vector of the model's size, cut to the wanted dimensions, as OpenAI cuts, and of length 1.

    Its values are exact in 32 bits, so that base64 and JSON say the same.
    """
    noise = hashlib.shake_256(digest(seed, "text", text)).digest(2 * size)
    values: list[float] = list(struct.unpack(f"<{size}h", noise))
    # The noise has a third of its largest square as its mean square.
    step = 32768 / _OWN_SHARE * math.sqrt(size / _PLACES_A_WORD / 3)
    words = list(dict.fromkeys(_WORD.findall(lowered(text))))[:_MOST_WORDS]
    for word in words:
        for place, sign in _places(word, seed, size):
            values[place] += sign * step
    return _unit(values[:dimensions])


def _places(word: str, seed: int, size: int) -> list[tuple[int, int]]:
    """Draw the places of a vector that a word adds to or takes from."""
    noise = hashlib.shake_256(digest(seed, "word", word)).digest(2 * _PLACES_A_WORD)
    drawn = struct.unpack(f"<{_PLACES_A_WORD}H", noise)
    return [((value >> 1) % size, 1 if value & 1 else -1) for value in drawn]


def _unit(values: Sequence[float]) -> list[float]:
    # An exact sum: `sum` adds floats differently from one Python to the next.
    length = math.sqrt(math.fsum(map(operator.mul, values, values))) or 1.0
    form = struct.Struct(f"<{len(values)}f")
    return list(form.unpack(form.pack(*[value / length for value in values])))
