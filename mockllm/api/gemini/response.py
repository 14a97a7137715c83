"""What `generateContent` answers, whole or chunk by chunk. Pure."""

from collections.abc import Iterator
from typing import Any

import msgspec

from mockllm.api.gemini.refusals import FAILURE_IN_ARRAY
from mockllm.api.timed_reply import Event, Step
from mockllm.api.wire import Stamp, encode
from mockllm.values import Choice, Completion, Part

_FINISH_REASONS = {"stop": "STOP", "length": "MAX_TOKENS", "tool_calls": "STOP", "content_filter": "SAFETY"}


class Responses:
    """Writes the objects of one answer; in a stream each is an event, or an entry of an array."""

    def __init__(self, completion: Completion, stamp: Stamp, *, shows_thoughts: bool, as_array: bool) -> None:
        self._completion = completion
        self._stamp = stamp
        self._shows_thoughts = shows_thoughts
        self._as_array = as_array
        self._written = 0
        self._around = {"modelVersion": stamp.model, "responseId": stamp.part_key("response")}

    def whole(self) -> bytes:
        candidates = [
            {
                "content": {"parts": self._parts(index, choice), "role": "model"},
                **_ending(choice),
                "index": index,
            }
            for index, choice in enumerate(self._completion.choices)
        ]
        return encode({"candidates": candidates, "usageMetadata": self._usage(None), **self._around})

    def steps(self, index: int, choice: Choice) -> Iterator[Step]:
        """Yield what leaves with each token; a call leaves whole with its last, thoughts may not be told."""
        told, ready = 0, self._silent_calls(index, choice)
        for number, part in enumerate(choice.parts):
            for position, token in enumerate(part.tokens):
                told += 1
                is_last = told == choice.count
                said = self._said(index, number, part, token, is_last=position == len(part.tokens) - 1)
                before = [ready.pop(each) for each in sorted(ready) if each < number]
                after = [ready[each] for each in sorted(ready)] if is_last else []
                yield self._step(index, choice, [*before, *said, *after], told, is_last=is_last)
        if not choice.count:
            yield self._step(index, choice, list(ready.values()), 0, is_last=True)

    def _silent_calls(self, index: int, choice: Choice) -> dict[int, dict[str, Any]]:
        """Return the calls without a token of arguments: each leaves with the token that comes next."""
        calls = ((n, part) for n, part in enumerate(choice.parts) if part.kind == "call" and not part.tokens)
        return {number: self._call(index, number, part) for number, part in calls}

    def _step(
        self, index: int, choice: Choice, said: list[dict[str, Any]], told: int, *, is_last: bool
    ) -> list[Event]:
        if not said and not is_last:
            return []
        content = {"parts": said or [{"text": ""}], "role": "model"}
        ending = _ending(choice) if is_last else {}
        candidate = {"content": content, **ending, "index": index}
        usage = self._usage(None if is_last else told)
        chunk = encode({"candidates": [candidate], "usageMetadata": usage, **self._around})
        return [(self._framed(chunk), bool(said))]

    def _framed(self, chunk: bytes) -> bytes:
        self._written += 1
        if not self._as_array:
            return b"data: %b\r\n\r\n" % chunk
        return (FAILURE_IN_ARRAY.between if self._written > 1 else b"") + chunk

    def _said(
        self, index: int, number: int, part: Part, token: str, *, is_last: bool
    ) -> list[dict[str, Any]]:
        if part.kind == "call":
            return [self._call(index, number, part)] if is_last else []
        if part.kind == "refusal" or (part.kind == "reasoning" and not self._shows_thoughts):
            return []
        return [{"text": token, "thought": True} if part.kind == "reasoning" else {"text": token}]

    def _parts(self, index: int, choice: Choice) -> list[dict[str, Any]]:
        parts = []
        for number, part in enumerate(choice.parts):
            parts += self._said(index, number, part, part.text, is_last=True)
        return parts

    def _call(self, index: int, number: int, part: Part) -> dict[str, Any]:
        key = self._stamp.part_key("call", index, number)[:8]
        return {"functionCall": {"id": key, "name": part.name, "args": _arguments(part.text)}}

    def _usage(self, told: int | None) -> dict[str, Any]:
        """Bill the answer, or so many tokens of it that have come."""
        done = self._completion
        thoughts = done.reasoning_tokens if told is None else min(told, done.reasoning_tokens)
        written = (done.completion_tokens if told is None else told) - thoughts
        usage: dict[str, Any] = {
            "promptTokenCount": done.prompt_tokens,
            "candidatesTokenCount": written,
            "totalTokenCount": done.prompt_tokens + written + thoughts,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": done.prompt_tokens}],
        }
        if done.cached_tokens:
            usage["cachedContentTokenCount"] = done.cached_tokens
        if thoughts:
            usage["thoughtsTokenCount"] = thoughts
        return usage


def _ending(choice: Choice) -> dict[str, Any]:
    refusal = choice.said("refusal")
    if refusal is not None:
        return {"finishReason": "SAFETY", "finishMessage": refusal}
    return {"finishReason": _FINISH_REASONS[choice.finish_reason]}


def _arguments(text: str) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(text or "{}")
    except (msgspec.DecodeError, RecursionError):
        value = None
    # Google's API sends objects only: what is none has nowhere to stand but within one.
    return value if isinstance(value, dict) else {"INVALID_JSON": text}
