"""A request that refers to what was said before, with what it refers to. Pure."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import msgspec

from mockllm.api.reading import Metadata, convert
from mockllm.api.responses.input_items import InputItem, check_item, item_kind
from mockllm.api.responses.request import ResponsesRequest, ask_of, conversation_key
from mockllm.values import ApiError, Ask, Item, Memory, digest

_PREFIXES = {"message": "msg", "function_call": "fc", "function_call_output": "fco", "reasoning": "rs"}


class RecalledRequest(ResponsesRequest, kw_only=True):
    """A request together with what was said before it; `salt` sets it apart if that is not in its body.

    `refers` says whether its body alone does not tell what was said.
    """

    earlier: list[InputItem]
    said: list[Item]
    refers: bool = False
    salt: bytes = b""

    @cached_property
    def ask(self) -> Ask:
        """What is asked, with what was said before. Raises ApiError as without it."""
        return ask_of(self, self.earlier)


def recall(request: ResponsesRequest, given: Any, memory: Memory) -> RecalledRequest:
    """Find what a request, read from what a body gave, refers to. Raises ApiError for what is not kept."""
    told = _said(given.get("input") or [])
    said = [_found(item, memory) for item in told]
    key = conversation_key(request)
    if key and request.previous_response_id:
        message = "Mutually exclusive parameters: 'conversation' and 'previous_response_id'."
        raise ApiError(400, message, param="previous_response_id", code="mutually_exclusive_parameters")
    earlier, salt = list(_earlier(request, memory)), b""
    if key:
        found = memory.conversation(key)
        if found is None:
            message = f"Conversation with id '{key}' not found."
            raise ApiError(404, message, param="conversation", code="conversation_not_found")
        earlier, salt = list(found), digest(msgspec.json.encode(found, order="deterministic"))
    fields = {name: getattr(request, name) for name in request.__struct_fields__}
    fields["input"] = request.input if isinstance(request.input, str) else _read(said)
    return RecalledRequest(
        **fields, earlier=_read(earlier), said=said, refers=bool(earlier) or said != told, salt=salt
    )


def named_items(items: Sequence[Item], seed: bytes) -> list[Item]:
    """Give items the names and the form in which they are listed."""
    return [_named(item, digest(seed, "input", index).hex()[:48]) for index, item in enumerate(items)]


def _said(given: str | list[Item]) -> list[Item]:
    return [{"type": "message", "role": "user", "content": given}] if isinstance(given, str) else given


def _found(item: Item, memory: Memory, param: str = "input") -> Item:
    if item_kind(item.get("type"), item.get("id"), item.get("role")) != "item_reference":
        return item
    found = memory.item(str(item.get("id")))
    if found is None:
        raise ApiError(404, f"Item with id '{item.get('id')}' not found.", param=param)
    return found


def _earlier(request: ResponsesRequest, memory: Memory) -> Iterator[Item]:
    chain = []
    key = request.previous_response_id
    while key:
        kept = memory.answer(key)
        if kept is None:
            message = f"Previous response with id '{key}' not found."
            raise ApiError(400, message, param="previous_response_id", code="previous_response_not_found")
        if kept.background and memory.is_pending(kept):
            message = f"Previous response with id '{key}' is not completed yet."
            raise ApiError(400, message, param="previous_response_id", code="previous_response_not_completed")
        chain.append(kept)
        key = kept.previous
    for kept in reversed(chain):
        yield from kept.items
        yield from kept.output


def _read(items: Sequence[Item]) -> list[InputItem]:
    return msgspec.convert(items, list[InputItem])


def metadata_in(given: dict[str, Any]) -> dict[str, str]:
    """Return the metadata that a body holds, if any. Raises ApiError for what is none."""
    metadata: dict[str, str] | None = convert(given.get("metadata"), Metadata | None, "metadata")
    return metadata or {}


def checked_items(given: Any, memory: Memory) -> list[Item]:
    """Return the items that a body lists under `items`, and for references what they refer to.

    Raises ApiError for what is none that can be read, and for what is not kept.
    """
    convert(given, list[InputItem], "items")
    found = [_found(item, memory, "items") for item in given]
    for index, item in enumerate(_read(found)):
        check_item(item, f"items[{index}]")
    return found


def _named(item: Item, key: str) -> Item:
    kind = item.get("type") or "message"
    named = {"id": None, **item, "type": kind}
    named["id"] = named["id"] or f"{_PREFIXES.get(kind, 'item')}_{key}"
    if kind in ("message", "function_call", "function_call_output"):
        named.setdefault("status", "completed")
    content = named.get("content")
    if kind == "message" and isinstance(content, str):
        named["content"] = [_text(content, str(item.get("role")))]
    return named


def _text(text: str, role: str) -> dict[str, Any]:
    if role == "assistant":
        return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    return {"type": "input_text", "text": text}
