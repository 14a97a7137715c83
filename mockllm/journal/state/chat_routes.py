"""The routes of stored chat completions: listed, shown, with their messages, with other metadata, deleted."""

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Flask, Response, request

from mockllm.api import encode, json_response, metadata_in, read_body, stored_completion, stored_messages
from mockllm.journal.state.memory import Recollection
from mockllm.journal.state.paging import page
from mockllm.values import ApiError, Kept

_KIND = "chat.completion"


def add_chat_routes(app: Flask, recall: Callable[[], Recollection]) -> None:
    """Serve what is under `/v1/chat/completions`; `recall` checks the key and gives the memory to look in."""
    routes = Blueprint("chat_completions", __name__)

    @routes.get("/v1/chat/completions")
    def listed() -> Response:
        wanted = request.args.get("model")
        stored = [kept for kept in recall().answers(_KIND) if wanted in (None, kept.model)]
        shown = [stored_completion(kept) for kept in stored if _has_metadata(kept)]
        return json_response(encode(page(shown, request.args, order="asc")))

    @routes.get("/v1/chat/completions/<key>")
    def shown(key: str) -> Response:
        return json_response(encode(stored_completion(_found(recall(), key))))

    @routes.post("/v1/chat/completions/<key>")
    def updated(key: str) -> Response:
        memory = recall()
        kept = replace(_found(memory, key), metadata=_metadata())
        memory.replace(kept)
        return json_response(encode(stored_completion(kept)))

    @routes.delete("/v1/chat/completions/<key>")
    def deleted(key: str) -> Response:
        memory = recall()
        _found(memory, key)
        memory.forget(_KIND, key)
        return json_response(encode({"object": "chat.completion.deleted", "id": key, "deleted": True}))

    @routes.get("/v1/chat/completions/<key>/messages")
    def messages(key: str) -> Response:
        return json_response(encode(page(stored_messages(_found(recall(), key)), request.args, order="asc")))

    app.register_blueprint(routes)


def _found(memory: Recollection, key: str) -> Kept:
    kept = memory.answer(key, _KIND)
    if kept is None:
        message = f"No chat completion found with id '{key}': those with 'store' are kept."
        raise ApiError(404, message, param="completion_id", code="not_found")
    return kept


def _has_metadata(kept: Kept) -> bool:
    wanted = {
        name.removeprefix("metadata[").removesuffix("]"): value
        for name, value in request.args.items()
        if name.startswith("metadata[")
    }
    return wanted.items() <= (kept.metadata or {}).items()


def _metadata() -> dict[str, str]:
    body = read_body(request.get_data())
    if not isinstance(body, dict) or "metadata" not in body:
        message = "metadata: expected an object whose values are strings"
        raise ApiError(400, message, param="metadata", code="invalid_type")
    return metadata_in(body)
