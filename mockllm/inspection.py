"""The routes by which a test or an operator looks into the running server, and makes it forget."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST

from mockllm.error_responses import json_response
from mockllm.errors import ApiError
from mockllm.journal import FILTERS, MAX_PAGE, Journal
from mockllm.lateness import WINDOW_SECONDS, LatenessBoard
from mockllm.metrics import exposition
from mockllm.wire import encode

Rest = Callable[[], dict[str, Any]]

_OPTIONS = ("after", "limit", "times")


def add_journal_routes(app: Flask, journal: Journal, forget: Iterable[Callable[[], None]]) -> None:
    """Serve `/mock/requests` and `/mock/reset`; like all of `/mock`, they take no key and no fault."""

    @app.get("/mock/requests")
    def requests() -> Response:
        options = request.args.to_dict()
        for name in options:
            if name not in (*FILTERS, *_OPTIONS):
                known = ", ".join((*FILTERS, *_OPTIONS))
                raise ApiError(400, f"{name}: unknown parameter; the known ones are {known}", param=name)
        page = journal.page(
            {name: value for name, value in options.items() if name in FILTERS},
            after=_number("after", 0, 2**63 - 1),
            limit=_number("limit", 100, MAX_PAGE),
            with_times=options.get("times", "true") != "false",
        )
        return json_response(encode(page))

    @app.post("/mock/reset")
    def reset() -> Response:
        for step in forget:
            step()
        return Response(status=204)


def add_lateness_routes(app: Flask, board: LatenessBoard, limit_seconds: float, rest: Rest) -> None:
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


def _number(name: str, default: int, most: int) -> int:
    given = request.args.get(name, str(default))
    if not given.isdecimal() or not int(given) <= most:
        raise ApiError(400, f"{name}: expected a whole number from 0 to {most}, got {given!r}", param=name)
    return int(given)
