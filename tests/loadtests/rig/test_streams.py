"""Many answers at once, from an upstream that sends one piece after another has been read."""

from __future__ import annotations

from contextlib import ExitStack
from queue import SimpleQueue

import pytest

from loadtests.rig import FORMATS, JSON, NDJSON, SSE, TEXT, Streams
from loadtests.rig.scripted import CHUNKED, LAST_CHUNK, ScriptedUpstream, answer, chunk, event

START, DELTA, DONE = (
    b'{"type":"start","id":"chat_1"}\n',
    b'{"type":"delta","text":"Hello"}\n',
    b'{"type":"done","finish_reason":"stop"}\n',
)
BLOCKING = answer(b'{"id":"chat_1","text":"Hello","finish_reason":"stop"}')
TEXT_AT = BLOCKING.index(b'"text"')
ANSWERS = {
    SSE: (
        CHUNKED + chunk(event({"type": "start"})),
        chunk(event({"type": "delta", "text": "Hello"})),
        chunk(event({"type": "done"})) + LAST_CHUNK,
    ),
    NDJSON: (CHUNKED + chunk(START), chunk(DELTA), chunk(DONE) + LAST_CHUNK),
    TEXT: (CHUNKED, chunk(b"Hello"), LAST_CHUNK),
    JSON: (BLOCKING[:TEXT_AT], BLOCKING[TEXT_AT : TEXT_AT + 6], BLOCKING[TEXT_AT + 6 :]),
}
"""What comes before a first text, with it and behind it."""


@pytest.mark.parametrize("size", [10_000, 1], ids=["whole", "byte by byte"])
@pytest.mark.parametrize("accept", FORMATS)
def test_the_first_text_is_seen_in_whatever_pieces_it_comes(accept: str, size: int) -> None:
    pieces: SimpleQueue[bytes] = SimpleQueue()
    upstream = ScriptedUpstream(lambda _: iter(lambda: pieces.get(timeout=20), b""))
    with upstream, ExitStack() as ending, Streams(upstream.port) as streams:
        ending.callback(pieces.put, b"")
        stream = streams.ask("mock", "Hi", accept)

        def read(data: bytes) -> None:
            for at in range(0, len(data), size):
                reads = len(stream.read_ats) + 1
                pieces.put(data[at : at + size])
                assert streams.read_until(lambda reads=reads: len(stream.read_ats) == reads, 10)

        before, text, rest = ANSWERS[accept]
        read(before)
        assert stream.first_text_at is None
        seen = len(stream.read_ats)
        read(text)
        assert stream.first_text_at in stream.read_ats[seen:]
        read(rest)
        assert stream.whole
        assert stream.ended_at == stream.read_ats[-1]
        assert stream.text() == "Hello"
