"""When each token is due: pure arithmetic on absolute times, and the profiles that name common speeds."""

import math
from dataclasses import dataclass

from mockllm.essay import FOUNDING_ESSAY
from mockllm.tokens import count_tokens

_FOUNDING_ITL = (7.31 - 1.03) / (count_tokens(FOUNDING_ESSAY) - 1)


@dataclass(frozen=True, slots=True)
class Pace:
    """Time to first token and inter-token latency, in seconds."""

    ttft_seconds: float
    itl_seconds: float


PROFILES: dict[str, Pace] = {
    # No waiting at all.
    "instant": Pace(0.0, 0.0),
    # The measurement the project started from: an 800-word essay, first text after 1.03 s, all after 7.31 s.
    "founding": Pace(1.03, _FOUNDING_ITL),
    # A small hosted model: text soon, then 50 tokens a second.
    "fast": Pace(0.3, 0.02),
    # A large hosted model at a busy hour: 25 tokens a second.
    "large": Pace(0.9, 0.04),
    # A model that thinks before it writes: a long silence, then quick text.
    "reasoning": Pace(8.0, 0.012),
}
DEFAULT_PROFILE = "fast"


def due(pace: Pace, token: int) -> float:
    """Say when a token is due, in seconds after the request was read."""
    return pace.ttft_seconds + token * pace.itl_seconds


def total_seconds(pace: Pace, tokens: int) -> float:
    """Say when the last of so many tokens is due."""
    return due(pace, max(tokens - 1, 0))


class Lateness:
    """How late tokens left, in buckets of a tenth of a millisecond; the last takes all above 100 ms."""

    BUCKET_SECONDS = 0.0001
    _BUCKETS_A_SECOND = 10_000
    _LAST = 1000

    def __init__(self) -> None:
        self.buckets = [0] * (self._LAST + 1)

    def record(self, seconds: float) -> None:
        bucket = int(seconds * self._BUCKETS_A_SECOND)
        # Written for speed: this runs once a token.
        self.buckets[bucket if 0 <= bucket < self._LAST else self._LAST if bucket > 0 else 0] += 1

    def quantile(self, share: float) -> float:
        """Return the upper edge, in seconds, of the bucket that holds this share of all tokens."""
        wanted = math.ceil(sum(self.buckets) * share)
        seen = 0
        for index, count in enumerate(self.buckets):
            seen += count
            if wanted and seen >= wanted:
                return (index + 1) * self.BUCKET_SECONDS
        return 0.0
