"""When each token is due: pure arithmetic on absolute times, and the profiles that name common speeds."""

import math
from dataclasses import dataclass, replace

from mockllm.text import FOUNDING_ESSAY, count_tokens
from mockllm.values import Draws

_FOUNDING_ITL = (7.31 - 1.03) / (count_tokens(FOUNDING_ESSAY) - 1)
_LEAST_CACHED_TOKENS = 1024
_CACHED_IN_STEPS_OF = 128
_SMALLEST_TIME = 6  # decimals of a second


class Rhythm:
    """Gaps between tokens as factors of their mean: lognormal, seeded, drawn as far as they are asked for."""

    def __init__(self, draws: Draws, variation: float) -> None:
        self._draws = draws
        # The two parameters that give a lognormal distribution mean 1 and this coefficient of variation.
        self._sigma = math.sqrt(math.log1p(variation**2))
        self._mu = -(self._sigma**2) / 2
        self._sums = [0.0]

    def until(self, token: int) -> float:
        """Return the sum of the gaps before a token."""
        while len(self._sums) <= token:
            self._sums.append(self._sums[-1] + math.exp(self._mu + self._sigma * self._draws.normal()))
        return self._sums[token]


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an answer comes, in seconds.

    The first token comes after `ttft_seconds` and, for each prompt token that is not cached,
    `prefill_seconds`; the others at a mean distance of `itl_seconds`, of which the standard deviation is
    `variation` times the mean.
    """

    ttft_seconds: float
    itl_seconds: float
    prefill_seconds: float = 0.0
    variation: float = 0.0
    rhythm: Rhythm | None = None


# "llm-d" is https://github.com/llm-d/llm-d-inference-sim/blob/main/docs/latency-profiles.md, times of the
# accelerator alone; before a hosted model's first token there are a network, a queue and a tokenizer too.
PROFILES: dict[str, Pace] = {
    # No waiting at all.
    "instant": Pace(0.0, 0.0),
    # The measurement the project started from: an 800-word essay, first text after 1.03 s, all after 7.31 s.
    "founding": Pace(1.03, _FOUNDING_ITL),
    # A small hosted model: first text at 0.3 to 0.4 s (https://tokenwisehq.com/free-tools/model-speed, 2026);
    # 50 tokens a second and the cost of a prompt token are llm-d's for 8 billion parameters on an A100.
    "fast": Pace(0.3, 0.02, prefill_seconds=0.0004),
    # A large model: 0.8 to 1.3 s to the first text are the averages of two vendors of open models
    # (https://benchlm.ai/llm-speed, data of Artificial Analysis, 2026-04-07); 40 ms a token is the limit of
    # MLPerf Inference 5.0 for Llama 2 70B Interactive; prompt tokens are llm-d's for 70 billion on four H100.
    "large": Pace(0.9, 0.04, prefill_seconds=0.00075),
    # A model that thinks before it writes: o3-mini's 7.1 s to the first text, then 160 tokens a second
    # (https://benchlm.ai/llm-speed, data of Artificial Analysis, 2026-04-07).
    "reasoning": Pace(7.1, 0.00625),
}
DEFAULT_PROFILE = "fast"


def due(pace: Pace, token: int) -> float:
    """Say when a token is due, in seconds after the request was read."""
    if pace.rhythm is None:
        return pace.ttft_seconds + token * pace.itl_seconds
    return round(pace.ttft_seconds + pace.rhythm.until(token) * pace.itl_seconds, _SMALLEST_TIME)


def total_seconds(pace: Pace, tokens: int) -> float:
    """Say when the last of so many tokens is due."""
    return due(pace, max(tokens - 1, 0))


def with_rhythm(pace: Pace, seed: bytes) -> Pace:
    """Give one answer its own gaps, if gaps vary at all."""
    if not pace.variation or not pace.itl_seconds:
        return pace
    return replace(pace, rhythm=Rhythm(Draws(seed), pace.variation))


def with_prompt(pace: Pace, prompt_tokens: int, cached_tokens: int) -> Pace:
    """Add what reading the prompt costs to the time of the first token."""
    prefill = pace.prefill_seconds * (prompt_tokens - cached_tokens)
    return replace(pace, ttft_seconds=pace.ttft_seconds + prefill, prefill_seconds=0.0) if prefill else pace


def cached_tokens(tokens_before_last_turn: int) -> int:
    """Count the prompt tokens that a prefix cache holds.

    No prompt is remembered: all before the last turn counts as asked before, in steps of 128 tokens and from
    1024 on, as in https://developers.openai.com/api/docs/guides/prompt-caching.
    """
    if tokens_before_last_turn < _LEAST_CACHED_TOKENS:
        return 0
    return tokens_before_last_turn // _CACHED_IN_STEPS_OF * _CACHED_IN_STEPS_OF


def at_speed(pace: Pace, speed: float) -> Pace:
    """Divide all times by `speed`; 0 means no waiting at all."""
    scale = 1 / speed if speed else 0.0
    return replace(
        pace,
        ttft_seconds=pace.ttft_seconds * scale,
        itl_seconds=pace.itl_seconds * scale,
        prefill_seconds=pace.prefill_seconds * scale,
    )
