"""The messages of Anthropic's API, which are lists of blocks, as turns of a conversation."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from mockllm.api.reading import convert, image, missing_parameter
from mockllm.text import count_tokens
from mockllm.values import ApiError, Attachment, PastCall, Turn, digest

# What Anthropic counts for 1092 x 1092 pixels, and about what it counts for a page of a PDF.
_IMAGE_TOKENS = 1_600
_PAGE_TOKENS = 2_000
_KINDS = ("text", "image", "document", "search_result", "tool_use", "tool_result", "thinking")
_SERVER_KINDS = ("redacted_thinking", "server_tool_use", "mcp_tool_use", "container_upload", "compaction")


class Source(Struct):
    """Where a picture or a document is."""

    type: str
    data: str | None = None
    url: str | None = None
    media_type: str | None = None
    file_id: str | None = None
    content: Any = None


class Block(Struct):
    """One block of a message's content."""

    type: str
    text: str | None = None
    source: Source | str | None = None
    title: str | None = None
    content: Any = None
    id: str | None = None
    name: str | None = None
    input: dict[str, Any] | UnsetType = UNSET
    tool_use_id: str | None = None
    is_error: bool | None = None
    cache_control: Any = None


class Message(Struct):
    """One message of the conversation."""

    role: Literal["user", "assistant", "system"]
    content: str | list[Block]

    @property
    def blocks(self) -> list[Block]:
        return [Block("text", self.content)] if isinstance(self.content, str) else self.content


def turns_of(messages: Sequence[Message], system: str | list[Block] | None) -> tuple[Turn, ...]:
    """Read a conversation. Raises ApiError for blocks that nobody knows, and for tools out of turn."""
    turns = [Turn("system", _system(system))] if system else []
    open_calls: dict[str, str] = {}
    for index, message in enumerate(messages):
        where = f"messages.{index}"
        turns += _results(message, open_calls, where)
        if open_calls:
            raise _unanswered(open_calls, where)
        spoken = [block for block in message.blocks if block.type != "tool_result"]
        if spoken or not message.blocks:
            turns.append(_turn(message.role, spoken, where))
            open_calls = {call.key: call.name for call in turns[-1].calls}
    if open_calls:
        raise _unanswered(open_calls, f"messages.{len(messages) - 1}")
    return tuple(turns)


def _system(system: str | list[Block]) -> str:
    return system if isinstance(system, str) else "".join(block.text or "" for block in system)


def _turn(role: str, blocks: Sequence[Block], where: str) -> Turn:
    calls = tuple(_call(block, where) for block in blocks if block.type == "tool_use")
    if calls and role != "assistant":
        raise ApiError(400, f"{where}: `tool_use` blocks can only be in `assistant` messages", param=where)
    words = "".join(_words(block, f"{where}.content.{index}") for index, block in enumerate(blocks))
    return Turn(role, words, tuple(_attached(blocks, where)), calls)


def _words(block: Block, where: str) -> str:
    if block.type == "text":
        if block.text is None:
            raise missing_parameter(f"{where}.text.text")
        return block.text
    if block.type == "search_result":
        return _flat(block.content, f"{where}.content")
    if block.type == "document" and isinstance(block.source, Source) and block.source.type == "text":
        return block.source.data or ""
    if block.type not in (*_KINDS, *_SERVER_KINDS) and not block.type.endswith("_tool_result"):
        expected = ", ".join(_KINDS)
        raise ApiError(400, f"{where}.type: expected one of {expected}, got '{block.type}'", param=where)
    return ""


def _call(block: Block, where: str) -> PastCall:
    if block.id is None or block.name is None or block.input is UNSET:
        missing = "id" if block.id is None else "name" if block.name is None else "input"
        raise missing_parameter(f"{where}.content.tool_use.{missing}")
    return PastCall(block.id, block.name, msgspec.json.encode(block.input, order="deterministic").decode())


def _results(message: Message, open_calls: dict[str, str], where: str) -> Iterator[Turn]:
    for index, block in enumerate(message.blocks):
        if block.type != "tool_result":
            continue
        if block.tool_use_id is None:
            raise missing_parameter(f"{where}.content.{index}.tool_result.tool_use_id")
        if message.role != "user" or block.tool_use_id not in open_calls:
            found = f"unexpected `tool_use_id` found in `tool_result` blocks: {block.tool_use_id}"
            why = "Each must answer a `tool_use` of the message before."
            raise ApiError(400, f"{where}.content.{index}: {found}. {why}", param=f"{where}.content.{index}")
        inner = f"{where}.content.{index}.tool_result.content"
        told = _flat(block.content, inner)
        attached = tuple(_attached(_blocks(block.content, inner), where))
        yield Turn("tool", told, attached, answers=open_calls.pop(block.tool_use_id))


def _unanswered(open_calls: dict[str, str], where: str) -> ApiError:
    keys = ", ".join(open_calls)
    message = (
        f"{where}: `tool_use` ids were found without `tool_result` blocks immediately after: {keys}. "
        "Each `tool_use` block must have a corresponding `tool_result` block in the next message."
    )
    return ApiError(400, message, param=where)


def _attached(blocks: Iterable[Block], where: str) -> Iterator[Attachment]:
    for block in blocks:
        if block.type not in ("image", "document"):
            continue
        if not isinstance(block.source, Source):
            raise missing_parameter(f"{where}.content.{block.type}.source")
        if block.type == "image":
            yield _picture(block.source, where)
        elif block.source.type != "text":
            yield _document(block.source, f"{where}.content.document.source.content")


def _picture(source: Source, where: str) -> Attachment:
    if source.type == "base64":
        url = f"data:{source.media_type or 'image/png'};base64,{source.data or ''}"
        found = image(url, None, f"{where}.content.image.source.base64.data")
    elif source.type == "url":
        found = image(source.url or "", None, f"{where}.content.image.source.url")
    else:
        return Attachment(digest(source.file_id or "").hex(), _IMAGE_TOKENS, "image")
    return replace(found, tokens=_IMAGE_TOKENS)


def _document(source: Source, where: str) -> Attachment:
    said = source.data or source.url or source.file_id or _flat(source.content, where)
    tokens = count_tokens(said) if source.type == "content" else _PAGE_TOKENS
    return Attachment(digest(said).hex(), tokens, "file")


def _flat(content: Any, where: str) -> str:
    if isinstance(content, str):
        return content
    return "".join(block.text or "" for block in _blocks(content, where))


def _blocks(content: Any, where: str) -> list[Block]:
    blocks: list[Block] = convert(content, list[Block], where) if isinstance(content, list) else []
    return blocks
