"""A request body and what it asks for, or OpenAI's 400 that names the parameter."""

import fnmatch
import re
from dataclasses import replace
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from mockllm.draws import digest
from mockllm.errors import ApiError
from mockllm.knobs import Knobs, turn_by_name, turn_by_object
from mockllm.pacing import PROFILES, Pace
from mockllm.settings import Settings

# Fields that are not declared are accepted and ignored, as clients send more of them every month.
Count = Annotated[int, Meta(ge=1)]
Penalty = Annotated[float, Meta(ge=-2, le=2)]


class ContentPart(Struct):
    """One part of a message's content; only `text` parts hold words."""

    type: str
    text: str | None = None
    refusal: str | None = None


class Message(Struct):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None


class StreamOptions(Struct):
    """What a stream holds beside the text."""

    include_usage: bool | None = None
    include_obfuscation: bool | None = None


class ChatRequest(Struct):
    """The body of `POST /v1/chat/completions`, as far as it changes the answer."""

    model: Annotated[str, Meta(min_length=1, max_length=512)]
    messages: Annotated[list[Message], Meta(min_length=1)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    max_tokens: Count | None = None
    max_completion_tokens: Count | None = None
    n: Annotated[int, Meta(ge=1, le=128)] | None = None
    stop: str | Annotated[list[str], Meta(max_length=4)] | None = None
    seed: int | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    service_tier: Literal["auto", "default", "flex", "scale", "priority", "fast"] | None = None
    mock: dict[str, Any] | None = None


R = TypeVar("R")

_chat_decoder = msgspec.json.Decoder(ChatRequest)
_MISSING = re.compile(r"Object missing required field `(\w+)`(?: - at `\$\.?(.*)`)?")
_AT = re.compile(r"(.*) - at `\$\.?(.*)`", re.DOTALL)


def parse_chat(body: bytes) -> ChatRequest:
    """Read a chat completion request.

    Raises ApiError for what is not JSON or not such a request.
    """
    request = decode(body, _chat_decoder)
    if request.stream_options is not None and not request.stream:
        raise ApiError(
            400,
            "stream_options: only allowed when stream is true",
            param="stream_options",
            code="invalid_value",
        )
    for index, message in enumerate(request.messages):
        if message.content is None and message.role in ("system", "developer", "user", "tool"):
            param = f"messages[{index}].content"
            raise ApiError(400, f"{param}: expected a string or a list of parts, got null", param=param)
    return request


def decode(body: bytes, decoder: msgspec.json.Decoder[R]) -> R:
    """Decode a body, turning every complaint about it into OpenAI's 400."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _invalid(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError(400, f"The body is not valid JSON: {error}") from error


def identify(body: bytes, seed: int) -> bytes:
    """Hash what a body says: neither the order of its keys nor its white space counts."""
    return digest(seed, msgspec.json.encode(msgspec.json.decode(body), order="deterministic"))


def turn_knobs(model: str, mock: dict[str, Any] | None, seed: int | None, settings: Settings) -> Knobs:
    """Lay the request's knobs over the configuration's, the strongest last."""
    knobs = Knobs(PROFILES[settings.profile], settings.seed if seed is None else seed)
    knobs = turn_by_name(knobs, model)
    if mock:
        knobs = turn_by_object(knobs, mock)
    return _at_speed(knobs, settings.speed)


def _at_speed(knobs: Knobs, speed: float) -> Knobs:
    if speed == 1:
        return knobs
    scale = 1 / speed if speed else 0.0
    pace = Pace(knobs.pace.ttft_seconds * scale, knobs.pace.itl_seconds * scale)
    return replace(knobs, pace=pace)


def check_model(model: str, settings: Settings) -> None:
    """Refuse a model that the operator did not list, if there is a list."""
    patterns = [pattern.strip() for pattern in settings.models.split(",") if pattern.strip()]
    if patterns and not any(fnmatch.fnmatchcase(model, pattern) for pattern in patterns):
        message = f"The model `{model}` does not exist or you do not have access to it."
        raise ApiError(404, message, param="model", code="model_not_found")


def text_of(message: Message) -> str:
    """Join the words of a message, whichever form its content has."""
    if isinstance(message.content, str):
        return message.content
    return "".join(part.text or part.refusal or "" for part in message.content or ())


def _invalid(complaint: str) -> ApiError:
    if missing := _MISSING.fullmatch(complaint):
        param = ".".join(part for part in (missing[2], missing[1]) if part)
        return ApiError(
            400, f"Missing required parameter: '{param}'.", param=param, code="missing_required_parameter"
        )
    located = _AT.fullmatch(complaint)
    reason, param = (located[1], located[2]) if located else (complaint, "")
    kind = "invalid_type" if reason.startswith("Expected `") and ", got " in reason else "invalid_value"
    return ApiError(400, f"Invalid value for '{param or 'body'}': {reason}.", param=param or None, code=kind)
