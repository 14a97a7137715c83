"""The corpus in dialects/: what servers send, as bytes (`.http`), and the objects that the app makes of it (`.json`).

Written after documentation, bug reports and the servers of tests/upstreams. Chunked transfer is left out of the
files and put on again as they are sent. A refusal is followed by the answer to the next request.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from loadtests.rig.scripted import LAST_CHUNK, Script, ScriptedUpstream, Talk, chunk
from tests.conftest import MS
from webapp import create_app
from webapp.chat import Delta, Done, Event, Start, UpstreamError
from webapp.configuration.settings import Settings
from webapp.relay import Limits, Progress, Relay, Request
from webapp.upstream import Chunk
from webapp.upstream.decoding import ChunkDecoder, ChunkError

CORPUS = sorted(Path(__file__).with_name("dialects").glob("*.http"))
NEXT = b"\r\n--- the answer to the next request ---\r\n"
SLOW = ("gateway_finish_and_usage_in_every_chunk", "mistral_thinking_parts", "half_a_character_in_each_of_two",
        "llama_cpp_error_line", "thinking_longer_than_the_limit_on_silence")  # fmt: skip
SILENCE_SECONDS = 400 * MS
Pieces = Callable[[bytes], Iterator[bytes]]


def whole(body: bytes) -> Iterator[bytes]:
    yield body


def byte_by_byte(body: bytes) -> Iterator[bytes]:
    for at in range(len(body)):
        yield body[at : at + 1]


def event_by_event(body: bytes) -> Iterator[bytes]:
    yield from re.split(rb"(?<=\n\n)", body)


def played(file: Path, pieces: Pieces, seconds: float = 0.0) -> Script:
    """An upstream that answers the first request with the first response of a file, and so on."""
    responses = iter(file.read_bytes().split(NEXT))

    def script(talk: Talk) -> None:
        head, _, body = next(responses).partition(b"\r\n\r\n")
        talk.send(head + b"\r\nTransfer-Encoding: chunked\r\n\r\n")
        for piece in filter(None, pieces(body)):
            talk.send(chunk(piece))
            talk.wait(seconds)
        talk.send(LAST_CHUNK)

    return script


def asked(script: Script, **settings: Any) -> list[dict[str, Any]]:
    """The objects that the whole app sends when it asks such an upstream."""
    with ScriptedUpstream(script) as upstream, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "any")
        patch.setenv("OPENAI_BASE_URL", upstream.url)
        app = create_app(Settings(model="m", **settings))
        response = app.test_client().post(
            "/chat", json={"prompt": "Why?"}, headers={"Accept": "application/x-ndjson"}
        )
        return [item for line in response.data.splitlines() if (item := json.loads(line))]


def joined(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without `start`, and neighbours of one kind as one: how a text is cut into deltas is left open."""
    come: list[dict[str, Any]] = []
    for kind, group in groupby(objects[1:], key=lambda item: item["type"]):
        if kind in ("delta", "reasoning"):
            come.append({"type": kind, "text": "".join(item["text"] for item in group)})
        else:
            come += group
    return come


def check(file: Path, pieces: Pieces, seconds: float = 0.0, **more: Any) -> None:
    right = json.loads(file.with_suffix(".json").read_text())
    come = joined(asked(played(file, pieces, seconds), **right.get("settings", {}), **more))
    assert [item["type"] for item in come] == [item["type"] for item in right["objects"]], come
    for got, expected in zip(come, right["objects"], strict=True):
        names = expected.pop("names", "")
        assert {field: got.get(field) for field in expected} == expected
        assert names in got.get("message", "")


@pytest.mark.parametrize("pieces", [whole, byte_by_byte], ids=["whole", "byte by byte"])
@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.stem)
def test_a_dialect_becomes_the_objects_beside_it(file: Path, pieces: Pieces) -> None:
    check(file, pieces)


@pytest.mark.parametrize("name", SLOW)
def test_a_dialect_that_comes_slowly(name: str) -> None:
    file = next(file for file in CORPUS if file.stem == name)
    check(file, event_by_event, 60 * MS, first_token_timeout_seconds=SILENCE_SECONDS)


class BytesAnswer:
    """The reads of one body, which then ends as it should, or is reset."""

    dropped_messages = 0

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


class BelievingAnswer(BytesAnswer):
    """The planted fault: whatever follows the first `finish_reason` is not read."""

    def read(self, timeout: float) -> list[Chunk] | None:
        chunks = super().read(timeout)
        for at, read in enumerate(chunks or []):
            if read.finish_reason:
                self._decoder.done = True
                return [*(chunks or [])[:at], replace(read, end="done")]
        return chunks


class Nobody:
    interruption: str | None = None


def relayed(answer: BytesAnswer) -> list[Event]:
    limits = Limits(math.inf, math.inf, math.inf, math.inf)
    return list(
        Relay(Request("r", 0.0), answer, Nobody(), limits, lambda: 0.0, Progress()).events(Start("c", "m"))
    )


def text_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Delta))


def text_that_came(body: bytes) -> str:
    """What a reader sees who looks at each whole event by itself: slow, and obvious."""
    text = ""
    for data in re.findall(rb"data: ?(\{.*\})\r?\n\r?\n", body):
        for choice in json.loads(data.decode("utf-8", "replace")).get("choices") or []:
            said = choice.get("delta", {})
            content = said.get("content") or said.get("refusal") or ""
            parts = content if isinstance(content, list) else [{"text": content}]
            text += "".join(part.get("text", "") for part in parts)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def cut_bodies() -> Iterator[tuple[str, bytes, str]]:
    for file in CORPUS:
        head, _, body = file.read_bytes().partition(b"\r\n\r\n")
        right = json.loads(file.with_suffix(".json").read_text())
        if head.startswith(b"HTTP/1.1 200") and b"Encoding: gzip" not in head and "settings" not in right:
            yield (
                file.stem,
                body,
                "".join(item["text"] for item in right["objects"] if item["type"] == "delta"),
            )


def done_with_less(body: bytes, text: str, answers: type[BytesAnswer]) -> Iterator[tuple[int, str]]:
    """Where a body can be cut so that `done` comes with less text than there is: reset, and ended in order."""
    for at in range(len(body)):
        for reset in (True, False):
            events = relayed(answers([body[:at]], reset=reset))
            if isinstance(events[-1], Done):
                least = text if reset else text_that_came(body[:at])
                if "\ufffd" not in least and not text_of(events).startswith(least):
                    yield at, "reset" if reset else "ended"


BODIES = [pytest.param(body, text, id=name) for name, body, text in cut_bodies()]


@pytest.mark.parametrize(("body", "text"), BODIES)
def test_no_dialect_that_is_cut_is_done_with_less_than_came(body: bytes, text: str) -> None:
    assert list(done_with_less(body, text, BytesAnswer)) == []


def test_the_cuts_find_a_reader_that_believes_the_first_finish() -> None:
    [(_, body, text)] = [one for one in cut_bodies() if one[0] == "gateway_finish_and_usage_in_every_chunk"]
    assert {how for _, how in done_with_less(body, text, BelievingAnswer)} == {"reset", "ended"}
