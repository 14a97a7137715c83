"""A refusal in Google's words: its own statuses, and the field in the details. Pure."""

from typing import Any

from mockllm.api.wire import encode
from mockllm.values import ApiError, Failure

_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_TYPES = "type.googleapis.com/google.rpc"
_BAD_KEY = {"@type": f"{_TYPES}.ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"}

_FAILURE = encode(
    {"error": {"code": 500, "message": "An internal error has occurred.", "status": "INTERNAL"}}
)
FAILURE = Failure(body=_FAILURE, event=b"data: %b\r\n\r\n" % _FAILURE)
FAILURE_IN_ARRAY = Failure(body=_FAILURE, event=_FAILURE + b"]", between=b",\r\n")


def error_status(error: ApiError) -> int:
    """Return Google's status for OpenAI's: a key that is not valid is a bad argument there."""
    return 400 if error.code == "invalid_api_key" else error.status


def error_body(error: ApiError) -> bytes:
    status = error_status(error)
    usual = "INVALID_ARGUMENT" if status < 500 else "INTERNAL"
    fields: dict[str, Any] = {
        "code": status,
        "message": error.message,
        "status": _STATUSES.get(status, usual),
    }
    details = list(_details(error))
    return encode({"error": {**fields, "details": details} if details else fields})


def _details(error: ApiError) -> list[dict[str, Any]]:
    if error.code == "invalid_api_key":
        return [_BAD_KEY]
    if violations := error.violations or ([(error.param, error.message)] if error.param else []):
        fields = [{**({"field": field} if field else {}), "description": said} for field, said in violations]
        return [{"@type": f"{_TYPES}.BadRequest", "fieldViolations": fields}]
    waits = [value for name, value in error.headers if name.lower() == "retry-after"]
    return [{"@type": f"{_TYPES}.RetryInfo", "retryDelay": f"{seconds}s"} for seconds in waits]
