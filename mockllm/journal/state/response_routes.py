"""The routes of kept responses: shown, listed, resumed, cancelled, deleted."""

import time
from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Flask, Response, request

from mockllm.api import encode, json_response, response_document, resumed_response, whole_number
from mockllm.journal.state.memory import Recollection
from mockllm.journal.state.paging import page
from mockllm.values import ApiError, Kept, Reply, shown

Recall = Callable[[], Recollection]
Send = Callable[[Reply], Response]


def add_response_routes(app: Flask, recall: Recall, send: Send) -> None:
    """Serve what is under `/v1/responses/<key>`; `recall` checks the key and gives the memory to look in."""
    routes = Blueprint("responses", __name__)

    @routes.get("/v1/responses/<key>")
    def shown(key: str) -> Response:
        kept = _found(recall(), key)
        if request.args.get("stream") == "true":
            return send(resumed_response(kept, _starting_after(), time.monotonic()))
        return json_response(encode(response_document(kept, time.monotonic())))

    @routes.delete("/v1/responses/<key>")
    def deleted(key: str) -> Response:
        memory = recall()
        _found(memory, key)
        memory.forget("response", key)
        return json_response(encode({"id": key, "object": "response", "deleted": True}))

    @routes.post("/v1/responses/<key>/cancel")
    def cancelled(key: str) -> Response:
        memory = recall()
        kept = _found(memory, key)
        if not kept.background:
            message = "Cannot cancel a synchronous response: only those with 'background' can be cancelled."
            raise ApiError(400, message, param="response_id", code="invalid_value")
        if memory.is_pending(kept):
            # What was not delivered is not said, neither here nor to a request that goes on from here.
            elapsed = time.monotonic() - kept.started
            kept = replace(kept, cancelled=True, cancelled_seconds=elapsed, output=())
            memory.replace(kept)
        return json_response(encode(response_document(kept, time.monotonic())))

    @routes.get("/v1/responses/<key>/input_items")
    def listed(key: str) -> Response:
        return json_response(encode(page(_found(recall(), key).items, request.args, order="desc")))

    app.register_blueprint(routes)


def _found(memory: Recollection, key: str) -> Kept:
    kept = memory.answer(key)
    if kept is None:
        raise ApiError(404, f"Response with id '{key}' not found.", param="response_id", code="not_found")
    return kept


def _starting_after() -> int:
    given = request.args.get("starting_after", "-1")
    number = -1 if given == "-1" else whole_number(given, 2**63 - 1)
    if number is None:
        message = f"starting_after: expected a whole number, got {shown(given[:40])}"
        raise ApiError(400, message, param="starting_after", code="invalid_value")
    return number
