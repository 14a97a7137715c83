"""Embeddings: a request to the reply that it gets. Pure."""

import base64
import struct
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from mockllm.api.reading import Mock, Model, request_of
from mockllm.api.token_lists import TextsOrTokens, each_apart
from mockllm.api.wire import JSON_TYPE, Stamp, api_headers, encode
from mockllm.rules import Knobs
from mockllm.text import count_tokens, vector
from mockllm.timing import with_prompt
from mockllm.values import ApiError, Reply, Turn, whole

_SIZES = {"text-embedding-3-large": 3072}
_SIZE = 1536
_MOST_TOKENS_AN_INPUT = 8192
_MOST_TOKENS = 300_000


class EmbeddingsRequest(Struct):
    """The body of `POST /v1/embeddings`, as far as it changes the answer."""

    model: Model
    input: TextsOrTokens
    dimensions: Annotated[int, Meta(ge=1)] | None = None
    encoding_format: Literal["float", "base64"] | None = None
    user: str | None = None
    mock: Mock | None = None


def parse(given: Any) -> EmbeddingsRequest:
    """Read a request. Raises ApiError for what is no such a request."""
    request = request_of(given, EmbeddingsRequest)
    size = _SIZES.get(request.model, _SIZE)
    if request.dimensions is not None and request.dimensions > size:
        message = (
            f"Invalid value for 'dimensions' = {request.dimensions}. Must be less than or equal to {size}."
        )
        raise ApiError(400, message, param="dimensions", code="invalid_value")
    return request


def turns(request: EmbeddingsRequest) -> Sequence[Turn]:
    """Take all inputs as what one user said. Raises ApiError for inputs of the wrong size or kind."""
    return (Turn("user", "\n".join(_inputs(request.input)[0])),)


def reply(request: EmbeddingsRequest, knobs: Knobs, stamp: Stamp) -> Reply:
    """Plan the answer, due at the time to first token.

    Raises ApiError for inputs of the wrong size or kind.
    """
    texts, tokens = _inputs(request.input)
    size = _SIZES.get(request.model, _SIZE)
    vectors = vectors_of(texts, [request.dimensions or size] * len(texts), size, knobs)
    data = [
        {"object": "embedding", "index": index, "embedding": _written(values, request.encoding_format)}
        for index, values in enumerate(vectors)
    ]
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    body = encode({"object": "list", "data": data, "model": stamp.model, "usage": usage})
    at = with_prompt(knobs.pace, tokens, cached_tokens=0).ttft_seconds
    planned = whole(200, api_headers(JSON_TYPE, at, tokens), body, at)
    return replace(planned, prompt_tokens=tokens, said_in="input")


def vectors_of(
    texts: Sequence[str], lengths: Sequence[int], size: int, knobs: Knobs
) -> list[Sequence[float]]:
    """Take the vectors that are wanted, and make up the others: as long as those, else as the lengths say.

    `size` is the model's own length, of which a shorter vector is the beginning.
    """
    wanted = knobs.embedding
    if isinstance(wanted, tuple):
        return [wanted[min(index, len(wanted) - 1)] for index in range(len(texts))]
    if wanted:
        lengths = [len(next(iter(wanted.values())))] * len(texts)
    found = wanted or {}
    return [
        found.get(text) or vector(text, knobs.seed, max(size, length), length)
        for text, length in zip(texts, lengths, strict=True)
    ]


def _inputs(given: TextsOrTokens) -> tuple[list[str], int]:
    """Return the inputs as texts, a token as its number in them, and the tokens they count for."""
    inputs = each_apart(given, "input", "strings, tokens or lists of tokens")
    if len(inputs) > 2048:
        raise ApiError(400, f"input: at most 2048 inputs, got {len(inputs)}", param="input")
    counts = [count_tokens(each) if isinstance(each, str) else len(each) for each in inputs]
    _check_counts(counts)
    texts = [each if isinstance(each, str) else " ".join(map(str, each)) for each in inputs]
    return texts, sum(counts)


def _check_counts(counts: Sequence[int]) -> None:
    if min(counts) == 0:
        raise ApiError(400, "input: expected no empty input", param="input", code="invalid_value")
    if max(counts) > _MOST_TOKENS_AN_INPUT:
        message = f"input: at most {_MOST_TOKENS_AN_INPUT} tokens in one input, got {max(counts)}"
        raise ApiError(400, message, param="input", code="context_length_exceeded")
    if sum(counts) > _MOST_TOKENS:
        message = f"input: at most {_MOST_TOKENS} tokens in a request, got {sum(counts)}"
        raise ApiError(400, message, param="input", code="max_tokens_per_request")


def _written(values: Sequence[float], encoding: str | None) -> Any:
    if encoding != "base64":
        return values
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()
