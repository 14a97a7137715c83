"""A refusal in Anthropic's words: its own types, and a request id in the body. Pure."""

import re

from mockllm.api.wire import encode
from mockllm.values import ApiError, Failure

_TYPES = {
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
    529: "overloaded_error",
}


_FAILURE = b'{"type":"error","error":{"type":"api_error","message":"Internal server error"}}'
FAILURE = Failure(body=_FAILURE, event=b"event: error\ndata: %b\n\n" % _FAILURE)
_INDEX = re.compile(r"\[([0-9]+)\]")


def error_status(status: int) -> int:
    """Return Anthropic's status for OpenAI's: an overloaded server says 529."""
    return 529 if status == 503 else status


def error_kind(status: int) -> str:
    return _TYPES.get(status, "invalid_request_error" if status < 500 else "api_error")


def error_body(error: ApiError, request_id: str) -> bytes:
    """Write the body; `param` stands in the message, as there is no field for it."""
    message = error.message
    if error.param and error.param not in message:
        message = f"{error.param}: {message}"
    # Anthropic writes messages.0.role where OpenAI writes messages[0].role.
    message = _INDEX.sub(r".\1", message)
    fields = {"type": error_kind(error.status), "message": message}
    return encode({"type": "error", "error": fields, "request_id": request_id})
