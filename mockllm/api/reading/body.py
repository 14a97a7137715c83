"""A request body and what it asks for, or OpenAI's 400 that names the parameter."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from mockllm.rules import MAX_TOKENS
from mockllm.values import ApiError, digest

# Fields that are not declared are accepted and ignored, as clients send more of them every month.
Count = Annotated[int, Meta(ge=1)]
LeastTokens = Annotated[int, Meta(ge=0, le=MAX_TOKENS)]
Penalty = Annotated[float, Meta(ge=-2, le=2)]


Model = Annotated[str, Meta(min_length=1, max_length=512)]
Stop = str | Annotated[list[str], Meta(max_length=4)]
Temperature = Annotated[float, Meta(ge=0, le=2)]
Share = Annotated[float, Meta(ge=0, le=1)]
Mock = dict[str, Any]


class StreamOptions(Struct):
    """What a stream holds beside the text."""

    include_usage: bool | None = None
    include_obfuscation: bool | None = None


R = TypeVar("R")

_MISSING = re.compile(r"Object missing required field `(\w+)`(?: - at `\$\.?(.*)`)?")
_AT = re.compile(r"(.*) - at `\$\.?(.*)`", re.DOTALL)


def decode(body: bytes, decoder: msgspec.json.Decoder[R]) -> R:
    """Decode a body, turning every complaint about it into OpenAI's 400."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _invalid(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError(400, f"The body is not valid JSON: {error}") from error


def convert(value: Any, kind: Any, where: str) -> Any:
    """Convert a part of a body that stands at `where`, complaining as `decode` does."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        complaint = str(error)
        reason, at = complaint.rpartition(" - at `$")[::2]
        place = f"{where}{at.removesuffix('`')}" if reason else where
        raise _invalid(f"{reason or complaint} - at `$.{place}`") from error


def identify(body: bytes, seed: int, salt: bytes = b"") -> bytes:
    """Hash what a body says: white space and the order of keys, but for a schema's properties, do not count.

    `salt` is what it refers to without naming it, such as the items of a conversation.
    """
    given = _untyped(body)
    said = msgspec.json.encode(given, order="deterministic")
    order = b"".join(_unsorted_properties(given))
    return digest(seed, said, *filter(None, (salt, order)))


def _unsorted_properties(given: Any) -> Iterator[bytes]:
    """Yield the names of a schema's properties: an answer has them in that order."""
    if isinstance(given, list):
        for each in given:
            yield from _unsorted_properties(each)
    elif isinstance(given, dict):
        for name, each in given.items():
            if name in ("messages", "input"):
                continue
            if name == "properties" and isinstance(each, dict) and list(each) != sorted(each):
                yield msgspec.json.encode(list(each))
            yield from _unsorted_properties(each)


def with_model(body: bytes, model: str | None) -> bytes:
    """Name the model that a path names in a body that names none; what is no such body is left alone."""
    if model is None:
        return body
    try:
        given = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return body
    return msgspec.json.encode({"model": model, **given}) if isinstance(given, dict) else body


def _untyped(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # Such as a number beyond what a float holds, in a field that no request reads.
        raise ApiError(400, f"The body is not valid JSON: {error}") from error


def check_stream_options(stream: bool | None, options: StreamOptions | None) -> None:
    """Refuse options for a stream that is none."""
    if options is not None and not stream:
        message = "stream_options: only allowed when stream is true"
        raise ApiError(400, message, param="stream_options", code="invalid_value")


def least_tokens(least: int | None, ignores_end: bool | None, limit: int | None) -> int:
    """Say how long an answer is at least, as vLLM's `min_tokens` and `ignore_eos` mean it.

    An answer that ignores its end is cut by the limit, so it is one token longer than that.
    """
    past_limit = limit + 1 if ignores_end and limit else 0
    return min(max(least or 0, past_limit), MAX_TOKENS)


def missing_parameter(param: str) -> ApiError:
    """Make the refusal of a request that lacks a parameter."""
    message = f"Missing required parameter: '{param}'."
    return ApiError(400, message, param=param, code="missing_required_parameter")


def stop_words(stop: Stop | None) -> tuple[str, ...]:
    return (stop,) if isinstance(stop, str) else tuple(stop or ())


def tier_of(asked: str | None) -> str:
    """Name the service tier that an answer reports for the one asked for."""
    return {None: "default", "auto": "default", "fast": "priority"}.get(asked, asked or "default")


def _invalid(complaint: str) -> ApiError:
    if found := _MISSING.fullmatch(complaint):
        param = ".".join(part for part in (found[2], found[1]) if part)
        return missing_parameter(param)
    located = _AT.fullmatch(complaint)
    reason, param = (located[1], located[2]) if located else (complaint, "")
    kind = "invalid_type" if reason.startswith("Expected `") and ", got " in reason else "invalid_value"
    return ApiError(400, f"Invalid value for '{param or 'body'}': {reason}.", param=param or None, code=kind)
