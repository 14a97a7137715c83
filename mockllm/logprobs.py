"""Seeded log probabilities: how sure the model seems of a token, and of what else it might have written."""

from collections.abc import Sequence
from dataclasses import dataclass

from mockllm.draws import Draws, digest

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
    draws = Draws(digest(seed, position, token, "logprobs"))
    # Only multiplication and rounding: they give the same on every machine, which a logarithm need not.
    chosen = Logprob(token, round(-0.001 - draws.share() ** 3, 6))
    if not alternatives:
        return TokenLogprobs(chosen, ())
    top = [chosen]
    start = draws.between(0, len(_COMMON_TOKENS) - 1)
    others = [*_COMMON_TOKENS[start:], *_COMMON_TOKENS[:start]]
    for other in [each for each in others if each != token][: alternatives - 1]:
        top.append(Logprob(other, round(top[-1].value - 0.7 - 2 * draws.share(), 6)))
    return TokenLogprobs(chosen, tuple(top))
