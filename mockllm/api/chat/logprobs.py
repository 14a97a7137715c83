"""Log probabilities as chat completions show them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mockllm.text import Logprob, logprobs_of
from mockllm.values import Part


@dataclass(frozen=True, slots=True)
class ChatLogprobs:
    """Rates the tokens of parts; `alternatives` is how many tokens are told for each place."""

    seed: int
    alternatives: int

    def of(self, part: Part, *, stream: bool) -> Iterator[dict[str, Any]]:
        """Yield the `logprobs` of each token; streamed, each is an object with a list of one."""
        for rated in logprobs_of(part.tokens, self.seed, self.alternatives):
            shown = {
                **shown_logprob(rated.chosen),
                "top_logprobs": [shown_logprob(each) for each in rated.top],
            }
            yield {"content": None, "refusal": None, part.kind: [shown]} if stream else shown


def shown_logprob(rated: Logprob) -> dict[str, Any]:
    return {"token": rated.token, "logprob": rated.value, "bytes": list(rated.token.encode())}
