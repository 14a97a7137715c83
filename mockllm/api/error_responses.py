"""Whatever goes wrong with a request is answered in OpenAI's form, by the mock and by the recorder alike."""

import re
import secrets
from typing import Any

from flask import Flask, Request, Response, current_app, request
from werkzeug.exceptions import HTTPException

from mockllm.api import anthropic, gemini
from mockllm.api.dialects import refusal_body
from mockllm.api.wire import ERROR_HEADERS, JSON_TYPE
from mockllm.values import ApiError

_NOT_MOCKED = (
    "assistants", "audio", "batches", "chatkit", "containers", "evals", "files", "fine_tuning", "images",
    "organization", "projects", "realtime", "skills", "threads", "uploads", "vector_stores", "videos",
)  # fmt: skip
MAX_BODY_BYTES = 10 * 1024 * 1024


class _Request(Request):
    def get_data(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_data(*args, **kwargs)
        except HTTPException:
            raise
        except Exception as error:
            # A chunk without a size, or an end in the middle of one: each server has its own errors for it.
            raise ApiError(400, f"The body cannot be read: {error}", code="invalid_body") from error


def answer_errors(app: Flask) -> None:
    """Answer refusals, and what Flask itself refuses."""
    app.request_class = _Request
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    # Werkzeug would redirect /v1//models, which no client of a POST follows.
    app.url_map.merge_slashes = False
    app.register_error_handler(ApiError, _refusal)
    app.register_error_handler(HTTPException, lambda error: _refusal(_from_http(error)))


def json_response(body: bytes, status: int = 200) -> Response:
    return Response(body, status, {"Content-Type": JSON_TYPE, **request_id_headers()})


def request_id_headers() -> dict[str, str]:
    """Name one attempt, in the headers that the clients of both vendors read it from."""
    key = f"req_{secrets.token_hex(16)}"
    return {"X-Request-ID": key, "Request-ID": key}


def speaks_anthropic() -> bool:
    """Whether the request comes from a client of Anthropic's API."""
    return request.path.startswith("/v1/messages") or "Anthropic-Version" in request.headers


def speaks_gemini() -> bool:
    """Whether the request comes from a client of Gemini's API, whose newer ones ask under `/v1`, too."""
    is_asking = request.path.startswith("/v1/models/") and ":" in request.path and request.method == "POST"
    return request.path.startswith("/v1beta/") or is_asking or "X-Goog-Api-Client" in request.headers


def _refusal(error: ApiError) -> Response:
    if speaks_anthropic():
        response = json_response(b"", anthropic.error_status(error.status))
        response.data = anthropic.error_body(error, response.headers["Request-ID"])
    elif speaks_gemini():
        response = json_response(gemini.error_body(error), gemini.error_status(error))
    else:
        response = json_response(refusal_body(error), error.status)
        response.headers.update(ERROR_HEADERS)
    response.headers.extend(error.headers)
    return response


def _lacking(path: str) -> str:
    """Say that a path is missing here alone, where the real API has one."""
    begun = path.removeprefix("/v1/").partition("/")[0]
    return f"; OpenAI's API has /v1/{begun}, this mock of it has not" if begun in _NOT_MOCKED else ""


def _near(path: str) -> str:
    """Say which path was meant by one that lacks the prefix or has it twice, or a slash too many."""
    meant = "/v1/" + re.sub(r"/+", "/", re.sub(r"^/*(?:v1/+)*", "", path)).rstrip("/")
    routes = current_app.create_url_adapter(request)
    return f"; did you mean {meant}?" if routes and meant != path and routes.allowed_methods(meant) else ""


def _from_http(error: HTTPException) -> ApiError:
    status = error.code or 500
    if status == 404:
        message = (
            f"Invalid URL ({request.method} {request.path}){_lacking(request.path) or _near(request.path)}"
        )
        return ApiError(404, message, code="unknown_url")
    if status == 405:
        message = f"Not allowed to {request.method} on {request.path}."
        # In order: they come as a set, which each process would list in its own.
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        return ApiError(405, message, code="method_not_supported", headers=(("Allow", allowed),))
    if status == 413:
        return ApiError(
            413, f"The body is too large: at most {MAX_BODY_BYTES} bytes.", code="request_too_large"
        )
    kind = "invalid_request_error" if status < 500 else "server_error"
    return ApiError(status, error.description or error.name, kind=kind)
