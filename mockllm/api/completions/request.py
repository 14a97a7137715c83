"""The body of `POST /v1/completions`, and what it asks for."""

from functools import cached_property
from typing import Annotated, Any, Literal

from msgspec import Meta

from mockllm.api.reading import Model, Stopped, sampled
from mockllm.api.token_lists import TextsOrTokens, each_apart
from mockllm.rules import Knobs
from mockllm.text import count_tokens
from mockllm.values import ApiError, Ask, Turn

_DEFAULT_LIMIT = 16
_MOST_CHOICES = 128
_MOST_ECHOED = 65_536


class CompletionsRequest(Stopped, dict=True):
    """The body, as far as it changes the answer."""

    model: Model
    prompt: TextsOrTokens | None = None
    suffix: str | None = None
    echo: bool | None = None
    max_tokens: Annotated[int, Meta(ge=0)] | None = None
    best_of: Annotated[int, Meta(ge=1, le=20)] | None = None
    logprobs: Annotated[int, Meta(ge=0, le=5)] | None = None
    service_tier: Literal["auto", "default"] | None = None

    @cached_property
    def prompts(self) -> list[str]:
        """The prompts as texts, in which a token is its number. Raises ApiError for a mixed list."""
        expected = "a list of strings, of tokens or of lists of tokens"
        prompts = each_apart(self.prompt or "", "prompt", expected)
        return [each if isinstance(each, str) else _spelled(each) for each in prompts]


def parse(given: Any) -> CompletionsRequest:
    """Read a request. Raises ApiError for what is no such request."""
    request = sampled(given, CompletionsRequest)
    prompts = request.prompts
    choices = (request.n or 1) * len(prompts)
    if choices > _MOST_CHOICES:
        raise ApiError(400, f"prompt: at most {_MOST_CHOICES} answers at once, got {choices}", param="prompt")
    if request.echo and sum(map(len, prompts)) * (request.n or 1) > _MOST_ECHOED:
        message = f"echo: at most {_MOST_ECHOED} characters over all answers"
        raise ApiError(400, message, param="echo", code="invalid_value")
    if request.best_of is not None and request.best_of < (request.n or 1):
        message = f"best_of: expected at least n, which is {request.n}, got {request.best_of}"
        raise ApiError(400, message, param="best_of", code="invalid_value")
    if request.best_of is not None and request.best_of > 1 and request.stream:
        message = "best_of: only 1 is allowed when stream is true"
        raise ApiError(400, message, param="best_of", code="invalid_value")
    return request


def ask_of(request: CompletionsRequest, prompt: str, knobs: Knobs) -> Ask:
    """Say what is asked with one of the prompts."""
    turns = (Turn("user", prompt), *((Turn("suffix", request.suffix),) if request.suffix else ()))
    limit = request.max_tokens
    if limit is None and knobs.tokens is None and knobs.text is None:
        limit = _DEFAULT_LIMIT
    least = request.least_tokens(limit)
    return Ask(turns, choices=request.n or 1, limit=limit, least=least, stop=request.stop_words)


def count_prompt(request: CompletionsRequest, prompt: str) -> int:
    return max(count_tokens(prompt) + count_tokens(request.suffix or ""), 1)


def _spelled(tokens: list[int]) -> str:
    return "".join(f" {token}" for token in tokens)
