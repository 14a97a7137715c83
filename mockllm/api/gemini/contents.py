"""The contents of Gemini's API, which are lists of parts, as turns of a conversation."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct

from mockllm.values import ApiError, Attachment, PastCall, Turn, digest

_ROLES = {"user": "user", "model": "assistant", "function": "user"}
# What Google counts for a picture that needs no tiles, a page of a document, and a second of sound.
_TOKENS = {"image": 258, "application": 258, "text": 258, "audio": 32, "video": 263}
_BYTES_A_SECOND = 16_000


class Blob(Struct, rename="camel"):
    """A picture, sound or document: the thing itself in base64."""

    mime_type: str
    data: str = ""


class FileData(Struct, rename="camel"):
    """Where a picture, sound or document is."""

    file_uri: str
    mime_type: str = "application/octet-stream"


class FunctionCall(Struct):
    """A call that the model made."""

    name: str
    args: dict[str, Any] | None = None
    id: str | None = None


class FunctionResponse(Struct):
    """What came of a call."""

    name: str
    response: dict[str, Any] | None = None
    id: str | None = None


class ContentPart(Struct, rename="camel"):
    """One part: exactly one of its kinds. What the model ran itself is taken and not looked at."""

    text: str | None = None
    thought: bool | None = None
    inline_data: Blob | None = None
    file_data: FileData | None = None
    function_call: FunctionCall | None = None
    function_response: FunctionResponse | None = None


class Content(Struct):
    """What one side said."""

    parts: list[ContentPart] = []
    role: Literal["user", "model", "function"] | None = None


def turns_of(contents: Sequence[Content], system: Content | None) -> tuple[Turn, ...]:
    """Read a conversation. Raises ApiError for results of calls that nobody made."""
    turns = [Turn("system", _words(system.parts))] if system else []
    called: set[str] = set()
    for index, content in enumerate(contents):
        where = f"contents[{index}]"
        turns += _results(content, called, where)
        spoken = [part for part in content.parts if part.function_response is None]
        if spoken or not content.parts:
            turns.append(_turn(content.role or "user", spoken, where))
            called |= {call.name for call in turns[-1].calls}
    return tuple(turns)


def _turn(role: str, parts: Sequence[ContentPart], where: str) -> Turn:
    calls = tuple(_past(part.function_call, f"{where}.parts") for part in parts if part.function_call)
    return Turn(_ROLES[role], _words(parts), tuple(_attached(parts)), calls)


def _past(call: FunctionCall, where: str) -> PastCall:
    return PastCall(
        call.id or where, call.name, msgspec.json.encode(call.args or {}, order="deterministic").decode()
    )


def _words(parts: Sequence[ContentPart]) -> str:
    return "".join(part.text or "" for part in parts if not part.thought)


def _results(content: Content, called: set[str], where: str) -> Iterator[Turn]:
    for index, part in enumerate(content.parts):
        if (result := part.function_response) is None:
            continue
        if result.name not in called:
            message = (
                "Please ensure that function response turn comes immediately after a function call turn: "
                f"'{result.name}' was not called."
            )
            raise ApiError(400, message, param=f"{where}.parts[{index}].function_response.name")
        yield Turn("tool", _told(result.response or {}), answers=result.name)


def _told(response: dict[str, Any]) -> str:
    """Return the words of a result; Google's own client puts them into `result` or `output`."""
    value = response.get("result", response.get("output", response))
    return value if isinstance(value, str) else msgspec.json.encode(value, order="deterministic").decode()


def _attached(parts: Sequence[ContentPart]) -> Iterator[Attachment]:
    for part in parts:
        if part.inline_data:
            yield _attachment(part.inline_data.mime_type, part.inline_data.data)
        elif part.file_data:
            yield _attachment(part.file_data.mime_type, part.file_data.file_uri)


def _attachment(mime_type: str, source: str) -> Attachment:
    kind = mime_type.partition("/")[0]
    tokens = _TOKENS.get(kind, 258)
    if kind == "audio":
        tokens *= 1 + len(source) * 3 // 4 // _BYTES_A_SECOND
    named: Any = {"image": "image", "audio": "audio"}.get(kind, "file")
    return Attachment(digest(source).hex(), tokens, named)
