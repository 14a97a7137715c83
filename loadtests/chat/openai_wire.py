"""OpenAI's two wires, chat completions and responses, as the objects that the app would make of them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

import msgspec

from loadtests.chat.events import decoded, payloads

Item = Mapping[str, object]

DONE = b"[DONE]"


def completion_items(body: Iterable[bytes]) -> Iterator[Item]:
    """Of a streamed completion; the end, with the usage if it was asked for, is in [DONE]."""
    finish_reason: str | None = None
    usage: object = None
    for payload in payloads(body):
        if payload.strip() == DONE:
            yield _done(finish_reason, usage)
            continue
        chunk = decoded(payload, _Chunk)
        if chunk.error is not None:
            yield _failed(chunk.error)
        usage = chunk.usage or usage
        for choice in chunk.choices:
            finish_reason = choice.finish_reason or finish_reason
            yield {"type": "delta", "text": choice.delta.content or ""}


def completion_item(data: bytes) -> Item:
    """Of a whole completion: text, finish_reason and usage."""
    completion = decoded(data, _Completion)
    choice = completion.choices[0]
    return {**_done(choice.finish_reason, completion.usage), "text": choice.message.content}


def response_items(body: Iterable[bytes]) -> Iterator[Item]:
    """Of a streamed response; the end is response.completed or response.incomplete."""
    for payload in payloads(body):
        event = decoded(payload, _Event)
        match event.type:
            case "response.output_text.delta":
                yield {"type": "delta", "text": event.delta}
            case "response.completed" | "response.incomplete" if event.response:
                yield _ended(event.response)
            case "response.failed" if event.response:
                yield _failed(event.response.error or {})
            case "error":
                yield _failed({"code": event.code})


def response_item(data: bytes) -> Item:
    """Of a whole response: text, finish_reason and usage."""
    response = decoded(data, _Response)
    if response.error:
        return _failed(response.error)
    texts = [part.text for item in response.output for part in item.content if part.type == "output_text"]
    return {**_ended(response), "text": "".join(texts)}


def _ended(response: "_Response") -> Item:
    usage = response.usage and {"completion_tokens": response.usage.output_tokens}
    return _done("stop" if response.status == "completed" else "length", usage)


def _done(finish_reason: str | None, usage: object) -> Item:
    return {"type": "done", "finish_reason": finish_reason, **({"usage": usage} if usage else {})}


def _failed(error: Mapping[str, Any]) -> Item:
    return {"type": "error", "code": error.get("code") or error.get("type") or "without a code"}


class _Text(msgspec.Struct):
    content: str | None = None


class _ChunkChoice(msgspec.Struct):
    delta: _Text
    finish_reason: str | None = None


class _Chunk(msgspec.Struct):
    choices: list[_ChunkChoice] = []
    usage: dict[str, Any] | None = None
    error: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if not (self.choices or self.usage or self.error):
            raise ValueError("expected choices, usage or error")


class _CompletionChoice(msgspec.Struct):
    message: _Text
    finish_reason: str


class _Completion(msgspec.Struct):
    choices: Annotated[list[_CompletionChoice], msgspec.Meta(min_length=1)]
    usage: dict[str, Any] | None = None


class _Part(msgspec.Struct):
    type: str
    text: str = ""


class _Output(msgspec.Struct):
    content: list[_Part] = []


class _Usage(msgspec.Struct):
    output_tokens: int


class _Response(msgspec.Struct):
    status: str
    output: list[_Output] = []
    usage: _Usage | None = None
    error: dict[str, Any] | None = None


class _Event(msgspec.Struct):
    type: str
    delta: Any = ""
    response: _Response | None = None
    code: str | None = None
