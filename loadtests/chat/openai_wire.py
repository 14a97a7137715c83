"""OpenAI's two wires, chat completions and responses, as the objects that the app would make of them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from loadtests.chat.events import MALFORMED, decoded, payloads
from loadtests.chat.timing import BadAnswerError, Item

DONE = b"[DONE]"
Object = Mapping[str, object]


def completion_items(body: Iterable[bytes]) -> Iterator[Item]:
    """Of a streamed completion; the end, with the usage if it was asked for, is in [DONE]."""
    finish_reason: str | None = None
    usage: object = None
    for payload in payloads(body):
        try:
            chunk = _decode.decode(payload)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            if payload.strip() != DONE:
                raise BadAnswerError(MALFORMED) from error
            yield _done(finish_reason, usage)
            continue
        if not chunk.choices:
            yield from _of_none(chunk)
        for choice in chunk.choices or ():
            delta = choice.delta or _NOTHING
            finish_reason = choice.finish_reason or finish_reason
            yield delta.content or delta.refusal or ""
            if delta.reasoning_content or delta.reasoning:
                yield {"type": "reasoning"}
        usage = chunk.usage or usage
        if chunk.error:
            yield _failed(chunk.error)


def _of_none(chunk: "_Chunk") -> Iterator[Item]:
    """Of a chunk without choices: usage, an error or what filters said; raises BadAnswerError if none."""
    if chunk.object == "error":
        yield _failed(chunk.error or {"code": chunk.code})
    elif chunk.choices is msgspec.UNSET and not (chunk.usage or chunk.error):
        raise BadAnswerError(MALFORMED)


def completion_item(data: bytes) -> Object:
    """Of a whole completion: text, finish_reason and usage."""
    completion = decoded(data, _Completion)
    if completion.error:
        return _failed(completion.error)
    if not completion.choices:
        raise BadAnswerError(MALFORMED)
    choice = completion.choices[0]
    done = _done(choice.finish_reason, completion.usage)
    return {**done, "text": choice.message.content or choice.message.refusal or ""}


def response_items(body: Iterable[bytes]) -> Iterator[Item]:
    """Of a streamed response; the end is response.completed or response.incomplete."""
    for payload in payloads(body):
        event = decoded(payload, _Event)
        match event.type:
            case "response.output_text.delta" | "response.refusal.delta" if isinstance(event.delta, str):
                yield event.delta
            case "response.completed" | "response.incomplete" if event.response:
                yield _ended(event.response)
            case "response.failed" if event.response:
                yield _failed(event.response.error or {})
            case "error":
                yield _failed(event.error or {"code": event.code})


def response_item(data: bytes) -> Object:
    """Of a whole response: text, finish_reason and usage."""
    response = decoded(data, _Response)
    if response.error:
        return _failed(response.error)
    said = (item.content or () for item in response.output if item.type == "message")
    return {
        **_ended(response),
        "text": "".join(part.text or part.refusal for parts in said for part in parts),
    }


def _ended(response: "_Response") -> Object:
    if response.usage is None:
        return _done(_reason(response), None)
    usage = response.usage
    told: dict[str, object] = {"completion_tokens": usage.output_tokens}
    if usage.output_tokens_details:
        told["completion_tokens_details"] = usage.output_tokens_details
    return _done(_reason(response), told)


def _reason(response: "_Response") -> str:
    return "stop" if response.status == "completed" else "length"


def _done(finish_reason: str | None, usage: object) -> Object:
    return {"type": "done", "finish_reason": finish_reason, **({"usage": usage} if usage else {})}


def _failed(error: object) -> Object:
    """Servers put an object there, some its message alone."""
    said = error if isinstance(error, Mapping) else {}
    return {"type": "error", "code": said.get("code") or said.get("type") or "without a code"}


class _Text(msgspec.Struct, gc=False):
    content: str | None = None
    refusal: str | None = None
    reasoning_content: Any = None
    reasoning: Any = None


_NOTHING = _Text()


class _ChunkChoice(msgspec.Struct, gc=False):
    delta: _Text | None = None
    finish_reason: str | None = None


class _Chunk(msgspec.Struct, gc=False):
    choices: list[_ChunkChoice] | msgspec.UnsetType | None = msgspec.UNSET
    usage: dict[str, Any] | None = None
    error: Any = None
    object: Any = None
    code: Any = None


_decode: msgspec.json.Decoder[_Chunk] = msgspec.json.Decoder(_Chunk)


class _CompletionChoice(msgspec.Struct):
    message: _Text
    finish_reason: str


class _Completion(msgspec.Struct):
    choices: list[_CompletionChoice] | None = None
    usage: dict[str, Any] | None = None
    error: Any = None


class _Part(msgspec.Struct):
    text: str = ""
    refusal: str = ""


class _Output(msgspec.Struct):
    type: str = ""
    content: list[_Part] | None = None


class _Usage(msgspec.Struct):
    output_tokens: int
    output_tokens_details: dict[str, Any] | None = None


class _Response(msgspec.Struct):
    status: str
    output: list[_Output] = []
    usage: _Usage | None = None
    error: dict[str, Any] | None = None


class _Event(msgspec.Struct):
    type: str
    delta: Any = ""
    response: _Response | None = None
    code: Any = None
    error: dict[str, Any] | None = None
