"""What is answered where a request does not reach the app. Nothing of it is repeated, there or in the log."""

from __future__ import annotations

import logging
import socket
from contextlib import suppress
from secrets import token_hex
from ssl import SSLError

import msgspec
from gunicorn.http import errors

log = logging.getLogger(__name__)

REASONS = {
    400: ("Bad Request", "bad_request", "This is not an HTTP/1.1 request."),
    414: ("URI Too Long", "uri_too_long", "The address is too long."),
    417: ("Expectation Failed", "expectation_failed", "The only expectation that is met is 100-continue."),
    431: ("Request Header Fields Too Large", "headers_too_large", "At most 100 headers and 32 KiB."),
    500: ("Internal Server Error", "internal_error", "Something went wrong here; it is in the log."),
    503: ("Service Unavailable", "over_capacity", "More comes from there than can be answered."),
    501: ("Not Implemented", "transfer_coding_unknown", "The only transfer coding that is known is chunked."),
}
"""By status: its phrase, the error's code, and a sentence."""

STATUSES: dict[type[BaseException], int] = {
    errors.LimitRequestLine: 414,
    errors.ExpectationFailed: 417,
    errors.LimitRequestHeaders: 431,
    errors.UnsupportedTransferCoding: 501,
    errors.InvalidResponseHeader: 500,
    errors.InvalidResponseHeaderName: 500,
    errors.ConfigurationProblem: 500,
}
"""By what the parser says; the rest of its errors are 400, everything else is ours."""


def refusal(error: BaseException) -> bytes:
    """Return the whole response to a request that nobody understood, and log that it came."""
    fallback = 400 if isinstance(error, errors.ParseException | SSLError) else 500
    status = STATUSES.get(type(error), fallback)
    request_id = token_hex(16)
    code = REASONS[status][1]
    kind = type(error).__name__
    told = {"request_id": request_id, "status": status, "error_code": code, "error_type": kind}
    if status == 500:
        log.error("request not handled", extra=told, exc_info=error)
    else:
        log.info("request not understood", extra=told)
    return response(status, request_id)


def refuse_at_once(sock: socket.socket) -> None:
    """Answer 503 to a client whose request nobody reads, without a wait. The socket is the system's own."""
    with suppress(BlockingIOError):
        # What is unread when a connection is closed would take the answer back.
        sock.recv(_UNREAD_BYTES, socket.MSG_DONTWAIT)
    sock.send(response(503, token_hex(16)), socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)


def response(status: int, request_id: str) -> bytes:
    """Return the whole response of that status."""
    phrase, code, message = REASONS[status]
    detail = {"code": code, "message": message, "param": None, "request_id": request_id}
    body = msgspec.json.encode({"error": detail}) + b"\n"
    head = (
        f"HTTP/1.1 {status} {phrase}\r\nConnection: close\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        f"X-Request-ID: {request_id}\r\n\r\n"
    )
    return head.encode() + body


_UNREAD_BYTES = 64 * 1024
