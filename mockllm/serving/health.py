"""The routes by which an operator learns whether the server is well: `/healthz` and `/metrics`."""

import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST

from mockllm.api import encode, json_response
from mockllm.serving.metrics import exposition
from mockllm.timing import WINDOW_SECONDS, LatenessBoard

Rest = Callable[[], dict[str, Any]]


def add_health_routes(app: Flask, board: LatenessBoard, limit_seconds: float, rest: Rest) -> None:
    """Serve `/healthz`, which says `saturated` when tokens leave too late to be believed, and `/metrics`."""

    @app.get("/healthz")
    def healthz() -> Response:
        recent = board.recently(time.monotonic())
        is_saturated = recent.quantile(0.99) > limit_seconds
        lateness = {
            "tokens": recent.count,
            "p50_ms": _milliseconds(recent.quantile(0.5)),
            "p99_ms": _milliseconds(recent.quantile(0.99)),
            "max_ms": _milliseconds(recent.worst),
            "limit_ms": _milliseconds(limit_seconds),
            "seconds": WINDOW_SECONDS,
        }
        return json_response(
            encode({"status": "ok", "saturated": is_saturated, "lateness": lateness, **rest()})
        )

    @app.get("/metrics")
    def metrics() -> Response:
        page = exposition(board.since_start(), board.recently(time.monotonic()))
        return Response(page, content_type=CONTENT_TYPE_LATEST)


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)
