"""Seeded log probabilities: how sure the model seems of a token, and of what else it might have written."""

from collections.abc import Sequence
from dataclasses import dataclass

from mockllm.values import digest

# As they begin English sentences and go on in them, so that alternatives look like some.
_COMMON_TOKENS = (
    " the", " a", ".", ",", " of", " and", " to", " in", " is", " that", " it", " as", " for", " with", " on",
    " this", " by", " an", " or", " not", " which", " at", " from", " be", " are", " but", "The", "It", "In"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Logprob:
    """A token and the natural logarithm of its probability."""

    token: str
    value: float


@dataclass(frozen=True, slots=True)
class TokenLogprobs:
    """The token that was written, and the likeliest at its place, the likeliest first."""

    chosen: Logprob
    top: tuple[Logprob, ...]


def logprobs_of(tokens: Sequence[str], seed: int, alternatives: int) -> list[TokenLogprobs]:
    """Rate tokens; equal tokens at the same place are rated the same in every answer."""
    return [_rated(token, position, seed, alternatives) for position, token in enumerate(tokens)]


def _rated(token: str, position: int, seed: int, alternatives: int) -> TokenLogprobs:
    noise = digest(seed, position, token, "logprobs")
    share = int.from_bytes(noise[:4], "big") / 2**32
    # Only multiplication and rounding: they give the same on every machine, which a logarithm need not.
    chosen = Logprob(token, round(-0.001 - share * share * share, 6))
    if not alternatives:
        return TokenLogprobs(chosen, ())
    others = [each for each in _rotated(noise[4]) if each != token][: alternatives - 1]
    value = chosen.value
    top = [chosen]
    for other, byte in zip(others, noise[5:], strict=False):
        value -= 0.7 + byte / 128
        top.append(Logprob(other, round(value, 6)))
    return TokenLogprobs(chosen, tuple(top))


def _rotated(by: int) -> tuple[str, ...]:
    start = by % len(_COMMON_TOKENS)
    return _COMMON_TOKENS[start:] + _COMMON_TOKENS[:start]
