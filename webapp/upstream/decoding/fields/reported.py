"""The shapes in which servers report an error inside an answer → UpstreamReportedError."""

from __future__ import annotations

from typing import Any

import msgspec

from webapp.upstream.decoding.errors import UpstreamReportedError

_MESSAGES = ("message", "detail", "msg", "error_msg", "error_message", "reason")
_CODES = ("code", "error_code", "status_code", "status")


def error_in(value: dict[str, Any]) -> UpstreamReportedError | None:
    """Return the error that an object reports, if it is one, or holds one beside an answer."""
    for holder in (value, value.get("x_groq")):
        if isinstance(holder, dict) and (error := holder.get("error")):
            return reported_error(error, value)
    if value.get("choices") or value.get("usage"):
        return None
    if (errors := value.get("errors")) and isinstance(errors, list):
        return reported_error(errors[0], value)
    says_so = "error" in (value.get("object"), value.get("type"))
    # FastAPI's `detail`, vLLM's `{"object": "error", ...}`, DashScope's and Spring's bare messages.
    if says_so or any(isinstance(value.get(name), str | list) and value[name] for name in _MESSAGES):
        return reported_error(value)
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


def reported_error(error: object, around: dict[str, Any] | None = None) -> UpstreamReportedError:
    """Return the error that an object or a string describes; its code may stand around it."""
    if not isinstance(error, dict):
        error = {"message": error}
    message = _first(error, _MESSAGES) or ""
    code = _first(error, _CODES) or _first(around or {}, _CODES)
    return UpstreamReportedError(message, code, _first(error, ("type",)))


def _first(value: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((str(value[name]) for name in names if value.get(name) not in (None, "")), None)
