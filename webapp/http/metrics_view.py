"""`GET /metrics`: the figures of all workers, for those who may see them."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app, request

from webapp.chat import RefusedError
from webapp.http.security import count_request, is_loopback, token_problem
from webapp.observing import exposition

routes = Blueprint("metrics", __name__)

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
"""A proxy on this machine gives itself away by these: it asks for somebody else."""


@routes.get("/metrics")
def metrics() -> Response:
    """The figures in Prometheus's text format, or OpenMetrics' if the caller accepts it."""
    token: str = current_app.config["METRICS_TOKEN"]
    _check_token(token) if token else _check_local()
    body, content_type = exposition(request.headers.get("Accept", ""))
    return Response(body, content_type=content_type)


def register(app: Flask, token: str) -> None:
    """Put the route on the app. Without a token it answers only callers on the same machine."""
    app.config["METRICS_TOKEN"] = token
    app.register_blueprint(routes)


def _check_token(token: str) -> None:
    if token_problem(token):
        count_request()
        raise RefusedError(
            "metrics_token_wrong",
            "expected `Bearer` and CHAT_METRICS_TOKEN",
            param="Authorization",
            status=401,
        )


def _check_local() -> None:
    if not is_loopback(request.remote_addr or "") or any(name in request.headers for name in FORWARDED):
        raise RefusedError(
            "metrics_private", "Set CHAT_METRICS_TOKEN to read the metrics from another machine.", status=403
        )
