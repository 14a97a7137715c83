"""Moderations: a request to the reply that it gets. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from mockllm.api.reading import Mock, Model, request_of
from mockllm.api.wire import JSON_TYPE, Stamp, api_headers, encode
from mockllm.rules import Knobs
from mockllm.text import count_tokens, lowered
from mockllm.values import Draws, Reply, Turn, digest, whole

_CATEGORIES = (
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)
_TEXT_ONLY = {*_CATEGORIES[:6], "sexual/minors"}


class ImageUrl(Struct):
    """Where a picture is."""

    url: str


class InputPart(Struct):
    """A text or a picture; the parts of a list are judged together."""

    type: Literal["text", "image_url"]
    text: str = ""
    image_url: ImageUrl | None = None


class ModerationsRequest(Struct):
    """The body of `POST /v1/moderations`."""

    input: str | Annotated[list[str | InputPart], Meta(min_length=1)]
    model: Model = "omni-moderation-latest"
    mock: Mock | None = None


def parse(given: Any) -> ModerationsRequest:
    """Read a request. Raises ApiError for what is no such a request."""
    return request_of(given, ModerationsRequest)


def turns(request: ModerationsRequest) -> Sequence[Turn]:
    """Take all inputs as what one user said."""
    return (Turn("user", "\n".join(text for text, _ in _inputs(request))),)


def reply(request: ModerationsRequest, knobs: Knobs, stamp: Stamp) -> Reply:
    """Plan the answer, due at the time to first token."""
    inputs = _inputs(request)
    results = [_result(text, knobs.seed, has_image=has_image) for text, has_image in inputs]
    body = encode({"id": f"modr-{stamp.key[:32]}", "model": stamp.model, "results": results})
    tokens = sum(count_tokens(text) for text, _ in inputs)
    at = knobs.pace.ttft_seconds
    return replace(whole(200, api_headers(JSON_TYPE, at, tokens), body, at), said_in="input")


def _inputs(request: ModerationsRequest) -> list[tuple[str, bool]]:
    if isinstance(request.input, str):
        return [(request.input, False)]
    parts = [part for part in request.input if isinstance(part, InputPart)]
    texts = [(text, False) for text in request.input if isinstance(text, str)]
    if parts:
        texts.append(("\n".join(part.text for part in parts), any(part.image_url for part in parts)))
    return texts


def _result(text: str, seed: int, *, has_image: bool) -> dict[str, Any]:
    """Flag the categories whose names stand in the text: a mock judges by what it is told."""
    draws = Draws(digest(seed, "moderation", text))
    small = lowered(text)
    flagged = {name: name in small for name in _CATEGORIES}
    scores = {
        name: round(0.9 + draws.share() / 10 if flagged[name] else draws.share() / 100, 6)
        for name in _CATEGORIES
    }
    kinds = ["text", "image"] if has_image else ["text"]
    applied = {name: ["text"] if name in _TEXT_ONLY else kinds for name in _CATEGORIES}
    return {
        "flagged": any(flagged.values()),
        "categories": flagged,
        "category_scores": scores,
        "category_applied_input_types": applied,
    }
