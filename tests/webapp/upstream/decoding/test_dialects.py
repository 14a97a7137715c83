"""What servers send, whole, byte by byte and cut anywhere: through decoder and relay to the objects of an answer.

Written after the documentation and the bug reports of the servers named. No dialect, cut anywhere, may end as
`done` with less text than came.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from webapp.chat import Delta, Done, Event, Failure, Reasoning, Start, UpstreamError
from webapp.relay import Limits, Progress, Relay, Request
from webapp.upstream import Chunk
from webapp.upstream.decoding import ChunkDecoder, ChunkError

LIMITS = Limits(15, 40, 30, 100)


class BytesAnswer:
    """The reads of one body, which then ends as it should, or is reset."""

    def __init__(self, reads: list[bytes], *, reset: bool) -> None:
        self._reads = reads
        self._reset = reset
        self._decoder = ChunkDecoder()

    def read(self, timeout: float) -> list[Chunk] | None:
        del timeout
        try:
            if self._decoder.done:
                return []
            if self._reads:
                return self._decoder.feed(self._reads.pop(0)) or ([] if self._decoder.done else None)
            if self._reset:
                raise UpstreamError("upstream_broken_off")
            return self._decoder.end()
        except ChunkError:
            raise UpstreamError("upstream_malformed") from None

    def release(self) -> None:
        """Nothing to keep."""


class Nobody:
    interruption: str | None = None


def relayed(*reads: bytes, reset: bool = False) -> list[Event]:
    answer = BytesAnswer([read for read in reads if read], reset=reset)
    relay = Relay(Request("r", 0.0), answer, Nobody(), LIMITS, lambda: 0.0, Progress())
    return list(relay.events(Start("c", "m")))


def summary(events: list[Event]) -> tuple[str, str, str]:
    text = "".join(event.text for event in events if isinstance(event, Delta))
    reasoning = "".join(event.text for event in events if isinstance(event, Reasoning))
    last = events[-1]
    assert isinstance(last, Done | Failure)
    return text, reasoning, last.finish_reason if isinstance(last, Done) else f"error {last.code}"


def event(delta: dict[str, Any] | None = None, finish: Any = None, **fields: Any) -> bytes:
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    return b"data: " + json.dumps({"choices": [choice], **fields}).encode() + b"\n\n"


def text(content: Any, finish: Any = None, **fields: Any) -> bytes:
    return event({"content": content}, finish, **fields)


def thinking(part: Any) -> dict[str, Any]:
    return {"type": "thinking", "thinking": part}


DONE = b"data: [DONE]\n\n"
STOP = event(finish="stop")
ABC = text("a ") + text("b ") + text("c")
END = STOP + DONE
USAGE = {"prompt_tokens": 3, "completion_tokens": 3, "total_tokens": 6}
WHOLE = {"choices": [{"index": 0, "message": {"content": "a b c"}, "finish_reason": "stop"}]}
LONE = [b'data: {"choices":[{"delta":{"content":"ok \\ud83d"}}]}\n\n', b'"}}]}\n\n']

DIALECTS: dict[str, tuple[bytes, tuple[str, str, str]]] = {
    "OpenAI": (event({"role": "assistant", "content": ""}) + ABC + END, ("a b c", "", "stop")),
    "Azure: filter results first": (
        b'data: {"choices":[],"prompt_filter_results":[{"prompt_index":0}]}\n\n' + ABC + END,
        ("a b c", "", "stop"),
    ),
    "a finish and a usage in every chunk": (
        text("a ", "stop", usage=USAGE) + text("b ", "stop", usage=USAGE) + text("c", "stop", usage=USAGE) + DONE,
        ("a b c", "", "stop"),
    ),
    "a finish beside the last text": (text("a b ") + text("c", "stop") + DONE, ("a b c", "", "stop")),
    "an empty string for no finish": (text("a b c", "") + END, ("a b c", "", "stop")),
    "a usage without counts": (ABC + event(usage={"prompt_tokens": None}) + END, ("a b c", "", "stop")),
    "a usage in floats and words": (ABC + event(usage={"completion_tokens": "3.0"}) + END, ("a b c", "", "stop")),
    "no finish, but [DONE]": (ABC + DONE, ("a b c", "", "stop")),
    "no finish and no [DONE]": (ABC, ("a b c", "", "error upstream_broken_off")),
    "[DONE] without a line end": (ABC + STOP + b"data: [DONE]", ("a b c", "", "stop")),
    "[DONE] alone": (DONE, ("", "", "error upstream_malformed")),
    "no blank lines": ((ABC + END).replace(b"\n\n", b"\n"), ("a b c", "", "stop")),
    "carriage returns": ((ABC + END).replace(b"\n", b"\r\n"), ("a b c", "", "stop")),
    "bare objects on lines": ((ABC + STOP).replace(b"data: ", b"").replace(b"\n\n", b"\n"), ("a b c", "", "stop")),
    "a whole answer": (json.dumps(WHOLE).encode(), ("a b c", "", "stop")),
    "a whole answer on many lines": (json.dumps(WHOLE, indent=2).encode(), ("a b c", "", "stop")),
    "a whole answer in one event": (b"data: " + json.dumps(WHOLE).encode() + b"\n\n" + DONE, ("a b c", "", "stop")),
    "Mistral: parts": (
        text([thinking([{"type": "text", "text": "hm"}])]) + text([{"type": "text", "text": "a b c"}]) + END,
        ("a b c", "hm", "stop"),
    ),
    "DeepSeek: reasoning_content": (
        event({"reasoning_content": "hm", "content": None}) + ABC + END,
        ("a b c", "hm", "stop"),
    ),
    "OpenRouter: reasoning twice": (
        event({"reasoning": "hm", "reasoning_details": [{"type": "reasoning.text", "text": "hm"}]}) + ABC + END,
        ("a b c", "hm", "stop"),
    ),
    "OpenRouter: an error beside a finish": (
        text("a ") + event(finish="error", error={"code": 502, "message": "x"}),
        ("a ", "", "error upstream_malformed"),
    ),
    "null indices": (ABC.replace(b'"index": 0', b'"index": null') + END, ("a b c", "", "stop")),
    "null choices in between": (ABC + b'data: {"choices":null}\n\n' + END, ("a b c", "", "stop")),
    "half a character in each of two": (
        LONE[0] + b'data: {"choices":[{"delta":{"content":"\\ude00 fine' + LONE[1] + END,
        ("ok \U0001f600 fine", "", "stop"),
    ),
    "a half whose other half never comes": (LONE[0] + text("b") + END, ("ok \ufffdb", "", "stop")),
    "half of a character's bytes in each of two": (
        b'data: {"choices":[{"delta":{"content":"\xf0\x9f' + LONE[1]
        + b'data: {"choices":[{"delta":{"content":"\x98\x80' + LONE[1] + END,
        ("\U0001f600", "", "stop"),
    ),
    "Mistral: model_length": (ABC + event(finish="model_length") + DONE, ("a b c", "", "length")),
    "Gemini: SAFETY": (ABC + event(finish="SAFETY") + DONE, ("a b c", "", "content_filter")),
    "vLLM: abort": (ABC + event(finish="abort") + DONE, ("a b c", "", "error upstream_broken_off")),
    "DeepSeek: no resources": (
        ABC + event(finish="insufficient_system_resource") + DONE,
        ("a b c", "", "error upstream_overloaded"),
    ),
    "llama.cpp: an error line": (ABC + b'error: {"code":500,"message":"x"}\n\n', ("a b c", "", "error upstream_malformed")),
    "a page": (b"<!DOCTYPE html><html>", ("", "", "error upstream_malformed")),
    "words": (b"Internal Server Error", ("", "", "error upstream_malformed")),
    "nothing": (b"", ("", "", "error upstream_malformed")),
}  # fmt: skip


@pytest.mark.parametrize(("body", "right"), DIALECTS.values(), ids=DIALECTS)
def test_each_dialect_whole_and_byte_by_byte(body: bytes, right: tuple[str, str, str]) -> None:
    assert summary(relayed(body)) == right
    assert summary(relayed(*[body[at : at + 1] for at in range(len(body))])) == right


@pytest.mark.parametrize(("body", "right"), DIALECTS.values(), ids=DIALECTS)
def test_no_dialect_that_is_cut_is_done_with_less_than_came(body: bytes, right: tuple[str, str, str]) -> None:
    for at in range(len(body)):
        events = relayed(body[:at], reset=True)
        if isinstance(events[-1], Done):
            assert summary(events)[0] == right[0]
