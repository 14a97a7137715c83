"""A body, read once into plain values, and those into a request; or OpenAI's 400 that names the parameter."""

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from mockllm.api.reading.complaints import refusal
from mockllm.values import ApiError, digest

R = TypeVar("R")

_DEEPEST = 400
_SAID = ("messages", "input", "contents")


def read_body(body: bytes) -> Any:
    """Read a body as JSON, once for all who look at it.

    Raises ApiError for what is none, and for what is nested deeper than every Python can follow.
    """
    try:
        given = msgspec.json.decode(body)
    except RecursionError:
        raise _too_deep() from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ApiError(400, f"The body is not valid JSON: {error}") from error
    if body.count(b"[") + body.count(b"{") > _DEEPEST and _is_too_deep(given):
        raise _too_deep()
    return given


def _too_deep() -> ApiError:
    return ApiError(400, f"The body is not valid JSON here: it is nested more than {_DEEPEST} levels deep.")


def _is_too_deep(given: Any) -> bool:
    level = [given]
    for _ in range(_DEEPEST):
        within = (each.values() if isinstance(each, dict) else each for each in level)
        level = [each for group in within for each in group if isinstance(each, dict | list)]
    return bool(level)


def request_of(given: Any, kind: type[R]) -> R:
    """Take what a body says for a request, turning every complaint about it into OpenAI's 400.

    Fields that are not declared are accepted and ignored, as clients send more of them every month.
    """
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        raise refusal(str(error), given, kind) from error


def convert(value: Any, kind: Any, where: str) -> Any:
    """Convert a part of a body that stands at `where`, complaining as `request_of` does."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise refusal(str(error), value, kind, where) from error


def identify(given: Any, seed: int, salt: bytes = b"") -> bytes:
    """Hash what a body says: white space does not count, nor does the order of keys where no answer shows it.

    `salt` is what it refers to without naming it, such as the items of a conversation.
    """
    said = msgspec.json.encode(given, order="deterministic")
    order = b"".join(_shown_orders(given))
    return digest(seed, said, *filter(None, (salt, order)))


def _shown_orders(given: Any) -> Iterator[bytes]:
    """Yield the orders of keys that answers show: those of a schema's properties, and of scripted calls."""
    if not isinstance(given, dict):
        return
    knobs = given.get("mock")
    for call in _listed(knobs.get("calls") if isinstance(knobs, dict) else None):
        yield from _orders(call)
    # No schema stands in what was said; and there is much of it.
    yield from _orders_of_schemas({name: given[name] for name in given if name not in _SAID})


def _orders_of_schemas(given: Any) -> Iterator[bytes]:
    for each in _listed(given):
        yield from _orders_of_schemas(each)
    for name, each in given.items() if isinstance(given, dict) else ():
        if name == "properties" and isinstance(each, dict):
            yield from _order(each)
            # Their names are the caller's own, and no keywords.
            yield from _orders_of_schemas(list(each.values()))
        elif name in ("const", "enum"):
            yield from _orders(each)
        else:
            yield from _orders_of_schemas(each)


def _orders(value: Any) -> Iterator[bytes]:
    """Yield the orders of keys within a value that is written as it stands."""
    for each in _listed(value):
        yield from _orders(each)
    if isinstance(value, dict):
        yield from _order(value)
        yield from _orders(list(value.values()))


def _order(value: dict[str, Any]) -> Iterator[bytes]:
    if list(value) != sorted(value):
        yield msgspec.json.encode(list(value))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def with_model(body: bytes, model: str | None) -> bytes:
    """Name the model that a path names, whatever the body says of it; what is no such body is left alone."""
    if model is None:
        return body
    try:
        given = read_body(body)
    except ApiError:
        return body
    return msgspec.json.encode({**given, "model": model}) if isinstance(given, dict) else body
