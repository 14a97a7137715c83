"""`embedContent` and `batchEmbedContents`: contents to vectors. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from msgspec import Meta, Struct

from mockllm.api.embeddings import vectors_of
from mockllm.api.gemini.contents import Content, turns_of
from mockllm.api.reading import Mock, Model, in_camel_case, request_of
from mockllm.api.wire import JSON_TYPE, Stamp, encode
from mockllm.rules import Knobs
from mockllm.text import count_tokens
from mockllm.values import Reply, Turn, whole

_SIZE = 3072


class EmbedContent(Struct, kw_only=True, rename="camel"):
    """One text to embed."""

    content: Content
    output_dimensionality: Annotated[int, Meta(ge=1, le=_SIZE)] | None = None


class EmbedRequest(EmbedContent, kw_only=True, rename="camel"):
    """The body for one text; `model` comes from the path."""

    model: Model
    mock: Mock | None = None

    @property
    def requests(self) -> Sequence[EmbedContent]:
        return (self,)


class BatchRequest(Struct, kw_only=True, rename="camel"):
    """The body for several texts; `model` comes from the path."""

    model: Model
    requests: Annotated[list[EmbedContent], Meta(min_length=1, max_length=100)]
    mock: Mock | None = None


def parse_embeds(given: Any) -> BatchRequest:
    """Read a request for several. Raises ApiError for what is no such request."""
    return request_of(in_camel_case(given), BatchRequest)


def parse_embed(given: Any) -> EmbedRequest:
    """Read a request for one. Raises ApiError for what is no such request."""
    return request_of(in_camel_case(given), EmbedRequest)


def turns_to_embed(request: EmbedRequest | BatchRequest) -> Sequence[Turn]:
    """Take all texts as what users said."""
    return turns_of([each.content for each in request.requests], None)


def embed(request: EmbedRequest | BatchRequest, knobs: Knobs, _stamp: Stamp) -> Reply:
    """Plan the answer, due at the time to first token."""
    said = [turns_of([each.content], None)[-1] for each in request.requests]
    lengths = [each.output_dimensionality or _SIZE for each in request.requests]
    found = [{"values": values} for values in vectors_of([turn.text for turn in said], lengths, _SIZE, knobs)]
    is_batch = isinstance(request, BatchRequest)
    body = encode({"embeddings": found} if is_batch else {"embedding": found[0]})
    planned = whole(200, (("Content-Type", JSON_TYPE),), body, knobs.pace.ttft_seconds)
    return replace(
        planned, prompt_tokens=sum(map(_tokens, said)), said_in="requests" if is_batch else "content"
    )


def _tokens(turn: Turn) -> int:
    return count_tokens(turn.text) + sum(each.tokens for each in turn.attachments)
