"""The SDK's errors, the transport's and the decoder's → ours."""

from __future__ import annotations

import time
from typing import Any

import httpx2
import openai

from webapp.chat import UpstreamError
from webapp.upstream.decoding import (
    ChunkError,
    NotAnApiError,
    UpstreamReportedError,
    error_in,
    reported_error,
)
from webapp.upstream.failures.retry_after import retry_after_in, retry_after_seconds
from webapp.upstream.failures.words import code_of_words

STATUS_CODES = {
    401: "upstream_key_refused",
    402: "upstream_quota_exceeded",
    403: "upstream_key_refused",
    404: "upstream_not_found",
    405: "upstream_not_an_api",
    408: "upstream_failed",
    409: "upstream_failed",
    413: "context_length_exceeded",
    429: "upstream_rate_limited",
    503: "upstream_overloaded",
    529: "upstream_overloaded",
}
"""By HTTP status; another 4xx is `upstream_refused`, another 5xx `upstream_failed`."""

REPORTED_CODES = {
    # Zhipu's sentences are Chinese.
    "1113": "upstream_quota_exceeded",
    "1211": "upstream_model_unknown",
    "1261": "context_length_exceeded",
    "1301": "content_filtered",
    # MiniMax's "token limit" is the model's, not that of a minute.
    "1039": "context_length_exceeded",
    "Arrearage": "upstream_quota_exceeded",
    "authentication_error": "upstream_key_refused",
    "content_filter": "content_filtered",
    "content_policy_violation": "content_filtered",
    "context_length_exceeded": "context_length_exceeded",
    "DeploymentNotFound": "upstream_model_unknown",
    "data_inspection_failed": "content_filtered",
    "exceed_context_size_error": "context_length_exceeded",
    "insufficient_quota": "upstream_quota_exceeded",
    "insufficient_user_quota": "upstream_quota_exceeded",
    "invalid_api_key": "upstream_key_refused",
    "model_not_found": "upstream_model_unknown",
    "overloaded_error": "upstream_overloaded",
    "rate_limit_error": "upstream_rate_limited",
    "rate_limit_exceeded": "upstream_rate_limited",
    "RateLimitReached": "upstream_rate_limited",
    "ResponsibleAIPolicyViolation": "content_filtered",
    "string_above_max_length": "context_length_exceeded",
    "tokens_limit_reached": "context_length_exceeded",
}
"""By the `code` or `type` in the error's body, which says more than the status."""

REFUSED_TYPES = {"invalid_request_error", "invalid_request", "BadRequestError", "InvalidParameter"}
"""What says inside a 200 that the question is at fault, where nothing says more."""

WAITABLE = {"upstream_rate_limited", "upstream_overloaded"}

SURE_STATUSES = {401, 402, 413}
"""What no words can change: some give 413 the code of a rate limit, and a shorter question passes it."""


def translated(error: Exception, timeouts: httpx2.Timeout) -> UpstreamError:
    """Say what went wrong with the upstream, in our words: what it said itself goes no further."""
    if isinstance(error, openai.APIStatusError):
        return _status_error(error)
    if isinstance(error, openai.APITimeoutError):
        if isinstance(error.__cause__, httpx2.ConnectTimeout):
            return UpstreamError("upstream_connect_timeout")
        return UpstreamError("upstream_first_token_timeout", seconds=timeouts.read or 0)
    if isinstance(error, openai.APIConnectionError):
        return UpstreamError("upstream_not_an_api" if _is_no_http(error) else "upstream_unreachable")
    if isinstance(error, UpstreamReportedError):
        return _reported_error(error)
    if isinstance(error, NotAnApiError):
        return UpstreamError("upstream_not_an_api")
    if isinstance(error, httpx2.DecodingError):
        return UpstreamError("upstream_compressed")
    if isinstance(error, ChunkError | RecursionError):
        return UpstreamError("upstream_malformed")
    if isinstance(error, httpx2.TransportError):
        return UpstreamError("upstream_broken_off")
    return UpstreamError("upstream_failed")


def _is_no_http(error: openai.APIConnectionError) -> bool:
    """Whether something answered that is no HTTP; a server that hangs up says nothing of itself."""
    cause = error.__cause__
    return isinstance(cause, httpx2.RemoteProtocolError) and "disconnected" not in str(cause)


def _reported_error(error: UpstreamReportedError) -> UpstreamError:
    fallback = "upstream_refused" if error.type in REFUSED_TYPES else "upstream_failed"
    code = _code_of(error) or _status_code(_as_status(error.code)) or fallback
    wait = retry_after_in(error.message) if code in WAITABLE else None
    return UpstreamError(code, retry_after_seconds=wait)


def _status_error(error: openai.APIStatusError) -> UpstreamError:
    status = error.status_code
    said = _said(error)
    code = STATUS_CODES[status] if status in SURE_STATUSES else _code_of(said)
    if status == httpx2.codes.FORBIDDEN and said.message.lstrip().startswith("<"):
        # Not the API's: a proxy's, or that of what protects a site from programs.
        code = "upstream_not_an_api"
    code = code or _status_code(status) or "upstream_refused"
    wait = retry_after_in(str(error.body))
    if wait is not None and code == "upstream_quota_exceeded" and status == httpx2.codes.TOO_MANY_REQUESTS:
        # Gemini says so of each limit.
        code = "upstream_rate_limited"
    said_so = retry_after_seconds(error.response.headers, time.time())
    if said_so is None and code in WAITABLE:
        said_so = wait
    return UpstreamError(code, retry_after_seconds=said_so)


def _said(error: openai.APIStatusError) -> UpstreamReportedError:
    """Return what the body of a refusal says, of which the SDK keeps what stands in `error`."""
    body: Any = error.body
    if isinstance(body, dict):
        return error_in(body) or reported_error(body)
    return UpstreamReportedError(str(body or ""))


def _code_of(error: UpstreamReportedError) -> str | None:
    named = REPORTED_CODES.get(error.code or "") or REPORTED_CODES.get(error.type or "")
    if named == "upstream_rate_limited":
        # Some vendors say so of a balance that is used up, and of a question that is too long for a minute.
        worded = code_of_words(error.message)
        return worded if worded in ("upstream_quota_exceeded", "context_length_exceeded") else named
    # A code that is in no table may say what a sentence would.
    words = (error.message, error.code or "", error.type or "")
    return named or next((code for code in map(code_of_words, words) if code), None)


def _as_status(code: str | None) -> int:
    return int(code) if code and code.isascii() and code.isdigit() and len(code) == 3 else 0


def _status_code(status: int) -> str | None:
    if 300 <= status < 400:
        # A way elsewhere, which a question does not go: to a page where people log in, or to https.
        return "upstream_not_an_api"
    if status in STATUS_CODES or status < 400:
        return STATUS_CODES.get(status)
    return "upstream_failed" if status >= 500 else "upstream_refused"
