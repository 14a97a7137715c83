"""The routes by which a test gives the running server answers, and takes them back."""

from typing import Any

from flask import Flask, Response, request

from mockllm.api import JSON_TYPE, encode, read_body
from mockllm.rules import MAX_BYTES, RuleError, SharedRules
from mockllm.values import ApiError


def add_rule_routes(app: Flask, rules: SharedRules) -> None:
    """Serve `/mock/rules`; like all of `/mock`, no fault strikes it."""

    @app.get("/mock/rules")
    def listed() -> Response:
        return _json({"rules": rules.listed()})

    @app.post("/mock/rules")
    def add() -> Response:
        try:
            return _json({"count": rules.add(_decoded(request.get_data()))}, 201)
        except RuleError as error:
            raise ApiError(
                400, str(error), param=str(error).partition(":")[0], code="invalid_rule"
            ) from error

    @app.delete("/mock/rules")
    def clear() -> Response:
        rules.clear()
        return Response(status=204)


def _decoded(body: bytes) -> Any:
    if len(body) > MAX_BYTES:
        raise ApiError(413, f"The body is too large: at most {MAX_BYTES} bytes.", code="request_too_large")
    return read_body(body)


def _json(content: Any, status: int = 200) -> Response:
    return Response(encode(content), status, content_type=JSON_TYPE)
