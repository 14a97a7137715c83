"""`embedContent` and `batchEmbedContents`: contents to vectors. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from msgspec import Meta, Struct

from mockllm.api.gemini.contents import Content, turns_of
from mockllm.api.reading import Mock, Model, in_camel_case, request_of
from mockllm.api.wire import JSON_TYPE, Stamp, encode
from mockllm.rules import Knobs
from mockllm.text import vector
from mockllm.values import Reply, Turn, whole

_SIZE = 3072


class EmbedContent(Struct, kw_only=True, rename="camel"):
    """One text to embed."""

    content: Content
    output_dimensionality: Annotated[int, Meta(ge=1, le=_SIZE)] | None = None


class EmbedRequest(Struct, kw_only=True, rename="camel"):
    """One text, or several; `model` comes from the path."""

    model: Model
    requests: Annotated[list[EmbedContent], Meta(min_length=1, max_length=100)]
    is_batch: bool = True
    mock: Mock | None = None


def parse_embeds(given: Any) -> EmbedRequest:
    """Read a request for several. Raises ApiError for what is no such request."""
    return request_of(in_camel_case(given), EmbedRequest)


def parse_embed(given: Any) -> EmbedRequest:
    """Read a request for one. Raises ApiError for what is no such request."""
    asked = in_camel_case(given)
    one = request_of(asked, EmbedContent)
    return EmbedRequest(model=asked["model"], requests=[one], is_batch=False, mock=asked.get("mock"))


def turns_to_embed(request: EmbedRequest) -> Sequence[Turn]:
    """Take all texts as what users said."""
    return turns_of([each.content for each in request.requests], None)


def embed(request: EmbedRequest, knobs: Knobs, _stamp: Stamp) -> Reply:
    """Plan the answer, due at the time to first token."""
    texts = [turns_of([each.content], None)[-1].text for each in request.requests]
    sizes = [each.output_dimensionality or _SIZE for each in request.requests]
    found = [
        {"values": vector(text, knobs.seed, _SIZE, size)} for text, size in zip(texts, sizes, strict=True)
    ]
    body = encode({"embeddings": found} if request.is_batch else {"embedding": found[0]})
    planned = whole(200, (("Content-Type", JSON_TYPE),), body, knobs.pace.ttft_seconds)
    return replace(planned, said_in="requests" if request.is_batch else "content")
