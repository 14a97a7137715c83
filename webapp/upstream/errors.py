"""The SDK's errors, the transport's and the decoder's → ours."""

from __future__ import annotations

import httpx2
import openai

from webapp.chat import UpstreamError
from webapp.upstream.chunks import ChunkError, UpstreamReportedError

STATUS_CODES = {
    401: "upstream_key_refused",
    403: "upstream_key_refused",
    404: "upstream_model_unknown",
    408: "upstream_failed",
    409: "upstream_failed",
    429: "upstream_rate_limited",
    503: "upstream_overloaded",
    529: "upstream_overloaded",
}
"""By HTTP status; another 4xx is `upstream_refused`, another 5xx `upstream_failed`."""

REPORTED_CODES = {
    "context_length_exceeded": "context_length_exceeded",
    "content_filter": "content_filtered",
    "content_policy_violation": "content_filtered",
    "insufficient_quota": "upstream_quota_exceeded",
    "invalid_api_key": "upstream_key_refused",
    "model_not_found": "upstream_model_unknown",
    "rate_limit_exceeded": "upstream_rate_limited",
}
"""By the `code` or `type` in the error's body, which says more than the status."""


def translated(error: Exception, timeouts: httpx2.Timeout) -> UpstreamError:
    """Say what went wrong with the upstream, in our words: what it said itself goes no further."""
    if isinstance(error, openai.APIStatusError):
        return _status_error(error)
    if isinstance(error, openai.APITimeoutError):
        if isinstance(error.__cause__, httpx2.ConnectTimeout):
            return UpstreamError("upstream_connect_timeout")
        return UpstreamError("upstream_first_token_timeout", seconds=timeouts.read or 0)
    if isinstance(error, openai.APIConnectionError):
        return UpstreamError("upstream_unreachable")
    if isinstance(error, UpstreamReportedError):
        return UpstreamError(_reported_code(error.code, error.type) or "upstream_failed")
    if isinstance(error, ChunkError | RecursionError | httpx2.DecodingError):
        return UpstreamError("upstream_malformed")
    if isinstance(error, httpx2.TransportError):
        return UpstreamError("upstream_broken_off")
    return UpstreamError("upstream_failed")


def _status_error(error: openai.APIStatusError) -> UpstreamError:
    code = _reported_code(error.code, error.type)
    if code is None:
        fallback = "upstream_failed" if error.status_code >= 500 else "upstream_refused"
        code = STATUS_CODES.get(error.status_code, fallback)
    return UpstreamError(code, retry_after_seconds=_seconds(error.response.headers.get("retry-after")))


def _reported_code(code: str | None, kind: str | None) -> str | None:
    return REPORTED_CODES.get(code or "") or REPORTED_CODES.get(kind or "")


def _seconds(retry_after: str | None) -> float | None:
    try:
        return float(retry_after or "")
    except ValueError:
        return None
