"""The routes of conversations and their items."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Flask, Response, request

from mockllm.api import checked_items, encode, identify, json_response, metadata_in, read_body
from mockllm.journal.state.memory import Recollection
from mockllm.journal.state.paging import page
from mockllm.values import ApiError, Item

_MOST_ITEMS = 20


def add_conversation_routes(app: Flask, recall: Callable[[], Recollection]) -> None:
    """Serve `/v1/conversations`; `recall` checks the key and gives the memory to look in."""
    routes = Blueprint("conversations", __name__)

    @routes.post("/v1/conversations")
    def begun() -> Response:
        memory, given = recall(), _body()
        begun = memory.begin_conversation(identify(given, 0), metadata_in(given), _items(given, memory))
        return json_response(encode(begun))

    @routes.get("/v1/conversations/<key>")
    def shown(key: str) -> Response:
        return json_response(encode(_found(recall(), key)))

    @routes.post("/v1/conversations/<key>")
    def updated(key: str) -> Response:
        memory = recall()
        conversation = {**_found(memory, key), "metadata": metadata_in(_body())}
        memory.write_conversation(conversation)
        return json_response(encode(conversation))

    @routes.delete("/v1/conversations/<key>")
    def deleted(key: str) -> Response:
        memory = recall()
        _found(memory, key)
        memory.forget("conversation", key)
        return json_response(encode({"id": key, "object": "conversation.deleted", "deleted": True}))

    _add_item_routes(routes, recall)
    app.register_blueprint(routes)


def _add_item_routes(routes: Blueprint, recall: Callable[[], Recollection]) -> None:
    @routes.get("/v1/conversations/<key>/items")
    def listed(key: str) -> Response:
        memory = recall()
        _found(memory, key)
        return json_response(encode(page(memory.conversation(key) or (), request.args, order="desc")))

    @routes.post("/v1/conversations/<key>/items")
    def added(key: str) -> Response:
        memory = recall()
        _found(memory, key)
        named = memory.add_items(key, _items(_body(), memory))
        return json_response(encode(page(named, {}, order="asc")))

    @routes.get("/v1/conversations/<key>/items/<item>")
    def item(key: str, item: str) -> Response:
        return json_response(encode(_item(recall(), key, item)))

    @routes.delete("/v1/conversations/<key>/items/<item>")
    def removed(key: str, item: str) -> Response:
        memory = recall()
        _item(memory, key, item)
        memory.forget("conversation.item", item, key)
        return json_response(encode(_found(memory, key)))


def _found(memory: Recollection, key: str) -> dict[str, Any]:
    found = memory.conversation_object(key)
    if found is None:
        message = f"Conversation with id '{key}' not found."
        raise ApiError(404, message, param="conversation_id", code="conversation_not_found")
    return found


def _item(memory: Recollection, key: str, item: str) -> Any:
    _found(memory, key)
    found = next((each for each in memory.conversation(key) or () if each["id"] == item), None)
    if found is None:
        raise ApiError(404, f"Item with id '{item}' not found.", param="item_id", code="not_found")
    return found


def _body() -> dict[str, Any]:
    body = read_body(request.get_data() or b"{}")
    if not isinstance(body, dict):
        raise ApiError(400, "Invalid value for 'body': expected an object.", code="invalid_type")
    return body


def _items(body: dict[str, Any], memory: Recollection) -> Sequence[Item]:
    items = checked_items(body.get("items") or [], memory)
    if len(items) > _MOST_ITEMS:
        message = f"items: at most {_MOST_ITEMS} items at once, got {len(items)}"
        raise ApiError(400, message, param="items", code="invalid_value")
    return items
