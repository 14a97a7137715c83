"""JSON responses, and the one place where an error becomes one."""

from __future__ import annotations

import logging
import math

import msgspec
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from webapp.chat import ChatError, InternalError, RefusedError

log = logging.getLogger(__name__)

JSON = "application/json"


class ErrorDetail(msgspec.Struct, frozen=True):
    """What went wrong. `param` is the path of the field at fault."""

    code: str
    message: str
    param: str | None
    request_id: str


class ErrorReply(msgspec.Struct, frozen=True):
    """The body of every response with a status from 400 on."""

    error: ErrorDetail


def json_response(value: object, status: int = 200) -> Response:
    """Return a response of one JSON text on one line."""
    return Response(msgspec.json.encode(value) + b"\n", status=status, content_type=JSON)


def register_error_handlers(app: Flask) -> None:
    """Answer whatever is raised in a request with our error object."""
    app.register_error_handler(ChatError, _error_response)
    app.register_error_handler(HTTPException, _http_error_response)
    app.register_error_handler(Exception, _internal_error_response)


def _error_response(error: ChatError) -> Response:
    record = g.record
    record.error_code = error.code
    told = ErrorDetail(error.code, error.message, error.param, record.request_id)
    response = json_response(ErrorReply(told), error.status)
    if error.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(math.ceil(error.retry_after_seconds))
    return response


def _internal_error_response(error: Exception) -> Response:
    log.error("Request %s failed", g.record.request_id, exc_info=error)
    return _error_response(InternalError())


def _http_error_response(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    response = _error_response(_as_chat_error(error, error.code))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _as_chat_error(error: HTTPException, status: int) -> ChatError:
    if isinstance(error, NotFound):
        return RefusedError("not_found", f"There is nothing at {request.path[:100]}.", status=status)
    if isinstance(error, MethodNotAllowed):
        return RefusedError(
            "method_not_allowed", f"{request.method[:20]} is not possible here.", status=status
        )
    return RefusedError("bad_request", f"{error.name}.", status=status)
