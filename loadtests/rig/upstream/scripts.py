"""What an upstream is asked for and sends: bytes made beforehand, and how many tokens at which pace.

The model's name may say it: `bench-tokens500-every20` is 500 tokens, one every 20 ms, the first at once. Else
the last message names a phase in which to stop, and who asks: `stalled #17`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache

from loadtests.rig.scripted import LAST_CHUNK, chunk

WORD = " quantum"
"""The text of every token."""

BEFORE_HEADERS, BEFORE_FIRST_TOKEN = "before the headers", "before the first token"
BETWEEN_TOKENS, STALLED = "between tokens", "stalled"
PHASES = (BEFORE_HEADERS, BEFORE_FIRST_TOKEN, BETWEEN_TOKENS, STALLED)
FLOOD = "a megabyte at once"
SHORT = "20 tokens"

ENDLESS = 1_000_000
EVERY_MS = 20
_MODEL = re.compile(rb'"model"\s*:\s*"(?:[a-z]+/)?bench-tokens(\d+)-every(\d+)"')
_CHUNK = {
    "id": "chatcmpl-Cq3zJ8mVb1Yt5RkXw7LdPfGhNs0aE",
    "object": "chat.completion.chunk",
    "created": 1764000000,
    "model": "bench",
    "service_tier": "default",
    "system_fingerprint": "fp_5d3c1f2a9b",
}
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\n"
    b"Transfer-Encoding: chunked\r\nx-request-id: req_5d3c1f2a9b\r\n\r\n"
)


def delta_event(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return framed(json.dumps({**_CHUNK, "choices": [choice], "usage": None}, separators=(",", ":")))


def framed(data: str) -> bytes:
    """One HTTP chunk that holds one server-sent event."""
    return chunk(f"data: {data}\n\n".encode())


ROLE = delta_event({"role": "assistant", "content": ""})
TOKEN = delta_event({"content": WORD})
MEGABYTE = delta_event({"content": "x" * 1000}) * 800


@lru_cache
def ending(tokens: int, with_usage: bool) -> bytes:
    """What follows the last token, in one piece."""
    usage = {"prompt_tokens": 9, "completion_tokens": tokens, "total_tokens": tokens + 9}
    counted = framed(json.dumps({**_CHUNK, "choices": [], "usage": usage}, separators=(",", ":")))
    return delta_event({}, "stop") + (counted if with_usage else b"") + framed("[DONE]") + LAST_CHUNK


@dataclass(frozen=True)
class Script:
    """One answer: what it begins with, how many tokens follow at which pace, and the end after the last."""

    first: bytes
    tokens: int
    every_ms: int
    end: bytes
    phase: str = ""
    who: str = ""
    """Who asked for a phase; nobody is told of other answers."""


def script(body: bytes) -> Script | None:
    """What the body of a request asks for, if it asks for anything."""
    if model := _MODEL.search(body):
        tokens = int(model[1])
        return Script(HEAD + ROLE, tokens, max(1, int(model[2])), ending(tokens, b"include_usage" in body))
    if not body:
        return None
    phase, _, who = str(json.loads(body)["messages"][-1]["content"]).partition(" #")
    return _PHASED[phase](phase, who) if phase in _PHASED else None


_PHASED = {
    BEFORE_HEADERS: lambda *asked: Script(b"", 0, EVERY_MS, b"", *asked),
    BEFORE_FIRST_TOKEN: lambda *asked: Script(HEAD + ROLE, 0, EVERY_MS, b"", *asked),
    BETWEEN_TOKENS: lambda *asked: Script(HEAD + ROLE, ENDLESS, EVERY_MS, ending(ENDLESS, False), *asked),
    STALLED: lambda *asked: Script(HEAD + ROLE + TOKEN, 0, EVERY_MS, b"", *asked),
    FLOOD: lambda *asked: Script(HEAD + ROLE + MEGABYTE + ending(800, False), 0, EVERY_MS, b"", *asked),
    SHORT: lambda *asked: Script(HEAD + ROLE, 20, EVERY_MS, ending(20, False), *asked),
}
