"""The likelihood of tokens, as a legacy completion lists it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mockllm.text import Logprob, logprobs_of


@dataclass(frozen=True, slots=True)
class Rating:
    """Rates tokens, each beside so many others that might have stood there."""

    seed: int
    alternatives: int

    def of(self, tokens: Sequence[str], offset: int) -> dict[str, Any]:
        """Write the logprobs of tokens, the first of which begins at this character of the text."""
        rated = logprobs_of(tokens, self.seed, self.alternatives)
        offsets = []
        for token in tokens:
            offsets.append(offset)
            offset += len(token)
        return {
            "tokens": list(tokens),
            "token_logprobs": [each.chosen.value for each in rated],
            "top_logprobs": [_by_token(each.top) for each in rated],
            "text_offset": offsets,
        }


def _by_token(top: Sequence[Logprob]) -> dict[str, float]:
    return {each.token: each.value for each in top}
