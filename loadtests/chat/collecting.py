"""Collects an answer from the blocks of its body as they come: the app's and OpenAI's, streamed and whole."""

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated

import msgspec

from loadtests.chat.events import decoded, objects, payloads
from loadtests.chat.timing import Answer

Elapsed = Callable[[], float]
Collect = Callable[[Answer, Iterable[bytes], Elapsed], None]


def collected(body: Iterable[bytes], collect: Collect, elapsed: Elapsed) -> Answer:
    """The answer with the times of its parts; raises what the body raises, and BadAnswerError."""
    answer = Answer()
    collect(answer, _noted(body, answer, elapsed), elapsed)
    return answer


def chat_stream(answer: Answer, body: Iterable[bytes], elapsed: Elapsed) -> None:
    for item in objects(body):
        answer.add(item, elapsed())


def chat_whole(answer: Answer, body: Iterable[bytes], elapsed: Elapsed) -> None:
    answer.add_whole(decoded(b"".join(body), dict[str, object]), elapsed())


def completion_stream(answer: Answer, body: Iterable[bytes], elapsed: Elapsed) -> None:
    """OpenAI's chunks, as the deltas that the app would make of them; the last chunk's end is in [DONE]."""
    finish_reason: str | None = None
    for payload in payloads(body):
        if payload.strip() == b"[DONE]":
            answer.add({"type": "done", "finish_reason": finish_reason}, elapsed())
            continue
        for choice in decoded(payload, _Chunk).choices:
            finish_reason = choice.finish_reason
            answer.add({"type": "delta", "text": choice.delta.content or ""}, elapsed())


def completion_whole(answer: Answer, body: Iterable[bytes], elapsed: Elapsed) -> None:
    choice = decoded(b"".join(body), _Completion).choices[0]
    answer.add_whole({"text": choice.message.content, "finish_reason": choice.finish_reason}, elapsed())


class _Text(msgspec.Struct):
    content: str | None = None


class _ChunkChoice(msgspec.Struct):
    delta: _Text
    finish_reason: str | None = None


class _Chunk(msgspec.Struct):
    choices: list[_ChunkChoice]


class _CompletionChoice(msgspec.Struct):
    message: _Text
    finish_reason: str


class _Completion(msgspec.Struct):
    choices: Annotated[list[_CompletionChoice], msgspec.Meta(min_length=1)]


def _noted(blocks: Iterable[bytes], answer: Answer, elapsed: Elapsed) -> Iterator[bytes]:
    for block in blocks:
        if answer.first_byte_at is None:
            answer.first_byte_at = elapsed()
        answer.size += len(block)
        yield block
