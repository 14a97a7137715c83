"""The shapes in which servers report an error inside an answer → UpstreamReportedError."""

from __future__ import annotations

from typing import Any

import msgspec

from webapp.upstream.decoding.errors import UpstreamReportedError

_MESSAGES = ("message", "detail", "msg", "error_msg", "error_message", "status_msg", "reason")
_CODES = ("code", "error_code", "status_code", "status")
MOST_NESTING = 3
"""How many gateways may have put the error of the one behind them into words of their own."""


def error_in(value: dict[str, Any], depth: int = 0) -> UpstreamReportedError | None:
    """Return the error that an object reports, if it is one, or holds one beside an answer."""
    for holder in (value, value.get("x_groq")):
        if isinstance(holder, dict) and (error := holder.get("error")):
            return reported_error(error, value, depth)
    # MiniMax's, in each answer.
    outcome = value.get("base_resp")
    if isinstance(outcome, dict) and outcome.get("status_code"):
        return reported_error(outcome, depth=depth)
    if value.get("choices") or value.get("usage"):
        return None
    if errors := value.get("errors"):
        return reported_error(errors, value, depth)
    # vLLM, FastChat; FastAPI's `detail`, the bare messages of DashScope and Spring.
    says_so = "error" in (value.get("object"), value.get("type")) or value.get("error_code")
    if says_so or any(isinstance(value.get(name), str | list) and value[name] for name in _MESSAGES):
        return reported_error(value, depth=depth)
    return None


def error_of(data: bytes) -> UpstreamReportedError:
    """Return what an `event: error` or an `error:` line says, be it an object, one in another, or words."""
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return UpstreamReportedError(data.decode(errors="replace"))
    if isinstance(value, dict):
        return error_in(value) or reported_error(value)
    return reported_error(value)


def reported_error(
    error: object, around: dict[str, Any] | None = None, depth: int = 0
) -> UpstreamReportedError:
    """Return the error that an object or a string describes; its code and its words may stand around it."""
    around = around or {}
    if isinstance(error, list):
        error = error[0] if error else ""
    if error is True:
        error = {name: value for name, value in around.items() if name != "error"}
    if not isinstance(error, dict):
        error = {"message": error}
    message = _first(error, _MESSAGES) or ""
    code = _first(error, _CODES) or _first(around, _CODES)
    said = UpstreamReportedError(message, code, _first(error, ("type",)))
    inner = _inner_error(error, message, depth + 1) if depth < MOST_NESTING else None
    if inner is None:
        return said
    words = f"{message} {inner.message}"
    return UpstreamReportedError(words, inner.code or said.code, inner.type or said.type)


def _inner_error(error: dict[str, Any], message: str, depth: int) -> UpstreamReportedError | None:
    """Return the error that stands as a string in another: in its message, or as OpenRouter's `raw`."""
    metadata = error.get("metadata")
    raw = metadata.get("raw") if isinstance(metadata, dict) else None
    words = raw if isinstance(raw, str) and raw else message
    try:
        value = msgspec.json.decode(words[words.index("{") :])
    except (ValueError, msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return UpstreamReportedError(words) if words is not message else None
    return error_in(value, depth) or reported_error(value, depth=depth) if isinstance(value, dict) else None


def _first(value: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((str(value[name]) for name in names if value.get(name) not in (None, "")), None)
