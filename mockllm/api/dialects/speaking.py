"""A planned chat completion, said in a dialect. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec

from mockllm.api.dialects.dialect import Dialect, Fields
from mockllm.api.dialects.servers import SERVERS
from mockllm.api.wire import DONE, encode, usage
from mockllm.values import Completion, Reply, Send


def spoken(name: str, reply: Reply, completion: Completion) -> Reply:
    """Say a reply, which is in OpenAI's form, in the dialect of this name, if there is a name."""
    if not name:
        return reply
    dialect = SERVERS[name]
    if reply.length is None:
        sends = _Speaker(dialect, completion).sends(reply)
        return replace(reply, sends=sends, failure=dialect.failure)
    (send,) = reply.sends
    body = encode(_whole(dialect, msgspec.json.decode(send.data)))
    return replace(reply, sends=(send._replace(data=body),), length=len(body), failure=dialect.failure)


def _whole(dialect: Dialect, body: Fields) -> Fields:
    choices = [
        {**choice, **dialect.in_choice, **dialect.in_finish, "message": dialect.message(choice["message"])}
        for choice in body["choices"]
    ]
    return _around(dialect, {**body, "choices": choices, "usage": dialect.bill(body["usage"])})


def _around(dialect: Dialect, chunk: Fields) -> Fields:
    kept = {name: value for name, value in chunk.items() if name not in dialect.drops}
    return {**kept, **dialect.adds}


class _Speaker:
    """Says one stream, chunk after chunk."""

    def __init__(self, dialect: Dialect, completion: Completion) -> None:
        self._dialect = dialect
        self._bill = usage(completion)
        self._tokens = 0
        self._calls: dict[int, dict[int, Any]] = {}
        self._head: Fields = {}

    def sends(self, reply: Reply) -> Iterator[Send]:
        dialect = self._dialect
        if dialect.waiting:
            yield Send(0.0, dialect.waiting, None)
        for number, send in enumerate(reply.sends):
            if not number:
                yield from (Send(send.due, _event(chunk), None) for chunk in dialect.opening)
            if send.data == DONE:
                if dialect.usage == "behind":
                    yield Send(send.due, _event(self._bill_chunk()), None)
                yield send
                continue
            self._tokens += send.token is not None
            chunk = self._chunk(msgspec.json.decode(send.data.removeprefix(b"data: ")))
            if chunk is not None:
                yield send._replace(data=_event(chunk))

    def _chunk(self, chunk: Fields) -> Fields | None:
        dialect = self._dialect
        self._head = self._head or {**chunk, "choices": []}
        if not chunk["choices"]:
            # Those that bill on their own account are not asked to.
            asked = dialect.usage == "asked"
            return _around(dialect, {**chunk, "usage": dialect.bill(chunk["usage"])}) if asked else None
        (choice,) = chunk["choices"]
        is_finish = choice["finish_reason"] is not None
        if dialect.calls_whole and choice["delta"].get("tool_calls"):
            self._gather(choice)
            return None
        said = {**choice, **dialect.in_choice, "delta": self._delta(choice, is_finish=is_finish)}
        if is_finish:
            said |= dialect.in_finish
            if "native_finish_reason" in said:
                said["native_finish_reason"] = choice["finish_reason"]
        around = _around(dialect, {**chunk, "choices": [said]})
        around.pop("usage", None)
        if dialect.usage == "every" or (dialect.usage == "finish" and is_finish):
            around["usage"] = dialect.bill(self._so_far())
        return around

    def _delta(self, choice: Fields, *, is_finish: bool) -> Fields:
        delta: Fields = {**self._dialect.in_delta, **choice["delta"]}
        if is_finish:
            delta.setdefault("content", "")
        thought = choice["delta"].get("reasoning_content")
        if thought is not None:
            del delta["reasoning_content"]
            delta = {"content": None, **delta, **self._dialect.thought(thought)}
        if is_finish and (calls := self._calls.get(choice["index"])):
            delta["tool_calls"] = list(calls.values())
        return delta

    def _gather(self, choice: Fields) -> None:
        calls = self._calls.setdefault(choice["index"], {})
        for part in choice["delta"]["tool_calls"]:
            kind = "custom" if "custom" in part else "function"
            call = calls.setdefault(part["index"], {**part, kind: dict.fromkeys(part[kind], "")})
            for name, piece in part[kind].items():
                call[kind][name] = call[kind].get(name, "") + piece

    def _so_far(self) -> Fields:
        prompt = self._bill["prompt_tokens"]
        return {
            **self._bill,
            "completion_tokens": self._tokens,
            "total_tokens": prompt + self._tokens,
        }

    def _bill_chunk(self) -> Fields:
        empty = {"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}
        chunk = {**self._head, "choices": [{**empty, **self._dialect.in_choice}]}
        return {**_around(self._dialect, chunk), "usage": self._dialect.bill(self._bill)}


def _event(chunk: Fields) -> bytes:
    return b"data: %b\n\n" % encode(chunk)
