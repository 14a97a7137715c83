"""Chunks: every case whole, byte by byte and in any cut, against a decoder that is slow and obvious."""

from __future__ import annotations

import gc
import json
import weakref
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.chat import Usage
from webapp.upstream.decoding import (
    Chunk,
    ChunkDecoder,
    ChunkError,
    UpstreamReportedError,
)
from webapp.upstream.decoding.errors import LineTooLongError, MalformedChunkError
from webapp.upstream.decoding.events import MAX_LINE_BYTES


def frame(text: str | None = None, finish_reason: str | None = None, **fields: Any) -> str:
    """The JSON of one upstream chunk, with fields that nobody reads around the ones that matter."""
    choice = {
        "index": 0,
        "delta": {"role": "assistant", "content": text},
        "logprobs": None,
        "finish_reason": finish_reason,
    }
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "choices": [choice],
            "usage": None,
        }
        | fields,
        ensure_ascii=False,
    )


def decode(*reads: bytes) -> tuple[list[Chunk], type[ChunkError] | None, bool]:
    """What a decoder makes of a body: the chunks, the error that ended it, whether `[DONE]` was seen."""
    decoder = ChunkDecoder()
    chunks: list[Chunk] = []
    try:
        for read in reads:
            chunks += decoder.feed(read)
        if decoder.error:
            raise decoder.error
    except ChunkError as error:
        return chunks, type(error), decoder.done
    return chunks, None, decoder.done


def bytewise(body: bytes) -> list[bytes]:
    return [body[at : at + 1] for at in range(len(body))]


A = frame("a")
DONE = Chunk(end="done")
CASES = {
    "one event": (f"data: {A}\n\n", [Chunk("a")]),
    "several events": (f"data: {A}\n\ndata: {frame('b')}\n\n", [Chunk("a"), Chunk("b")]),
    "crlf": (f"data: {A}\r\n\r\ndata: {A}\r\n\r\n", [Chunk("a"), Chunk("a")]),
    "cr": (f"data: {A}\r\rdata: {A}\r\r", [Chunk("a"), Chunk("a")]),
    "mixed line ends": (f"data: {A}\n\r\ndata: {A}\r\n\n", [Chunk("a"), Chunk("a")]),
    "no space after the colon": (f"data:{A}\n\n", [Chunk("a")]),
    "two spaces after the colon": (f"data:  {A}\n\n", [Chunk("a")]),
    "byte order mark": (f"\ufeffdata: {A}\n\n", [Chunk("a")]),
    "byte order mark only at the start": (f"data: {A}\n\n\ufeffdata: {A}\n\n", [Chunk("a")]),
    "comments": (f": hello\n:\n\n: hb\ndata: {A}\n: in between\n\n", [Chunk("a")]),
    "event and id fields": (f"event: message\nid: 7\nretry: 1\ndata: {A}\n\n", [Chunk("a")]),
    "unknown field": (f"nonsense\nother: 1\ndata: {A}\n\n", [Chunk("a")]),
    "several data lines": ('data: {"choices": [{"delta":\ndata: {"content": "a"}}]}\n\n', [Chunk("a")]),
    "several data lines with crlf": ('data: {"choices":\r\ndata: []}\r\n\r\n', [Chunk()]),
    "several data lines in a later event": (
        f'data: {A}\n\ndata: {{"choices":\ndata: []}}\n\n',
        [Chunk("a"), Chunk()],
    ),
    "data without value": (f"data\n\ndata:\n\ndata: {A}\n\n", [Chunk("a")]),
    "event name without data": (f"event: ping\n\ndata: {A}\n\n", [Chunk("a")]),
    "blank lines": (f"\n\n\ndata: {A}\n\n\n\n", [Chunk("a")]),
    "unfinished event": (f"data: {A}\n\ndata: {A}\n", [Chunk("a")]),
    "line separators in the text": (f"data: {frame(chr(0x2028) + chr(0x85))}\n\n", [Chunk("\u2028\x85")]),
    "emoji": (f"data: {frame('👩‍👩‍👧 ' + chr(0x1F600))}\n\n", [Chunk("👩‍👩‍👧 \U0001f600")]),
    "escapes": ('data: {"choices":[{"delta":{"content":"\\n\\ud83d\\ude00"}}]}\n\n', [Chunk("\n\U0001f600")]),
    "role chunk": (f"data: {frame('')}\n\n", [Chunk()]),
    "null content": (f"data: {frame(None)}\n\n", [Chunk()]),
    "null delta": ('data: {"choices":[{"delta":null}]}\n\n', [Chunk()]),
    "refusal": ('data: {"choices":[{"delta":{"content":null,"refusal":"No."}}]}\n\n', [Chunk("No.")]),
    "finish": (f"data: {frame(finish_reason='stop')}\n\n", [Chunk(finish_reason="stop")]),
    "empty choices": ('data: {"choices":[]}\n\n', [Chunk()]),
    "null choices": ('data: {"choices":null}\n\n', [Chunk()]),
    "no choices": ('data: {"prompt_filter_results":[]}\n\n', [Chunk()]),
    "usage": (
        'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"x":{}}}\n\n',
        [Chunk(usage=Usage(1, 2, 3), end="usage")],
    ),
    "another choice": (
        f'data: {A}\n\ndata: {{"choices":[{{"index":1,"delta":{{"content":"b"}}}}]}}\n\n',
        [Chunk("a"), Chunk()],
    ),
    "no choice but the second": (
        'data: {"choices":[{"index":1,"delta":{"content":"b"}}]}\n\ndata: ' + A + "\n\n",
        [Chunk("b"), Chunk()],
    ),
    "two choices in one chunk": (
        'data: {"choices":[{"index":1,"delta":{"content":"b"}},{"index":0,"delta":{"content":"a"}}]}\n\n',
        [Chunk("a")],
    ),
    "null error": (f"data: {frame('a', error=None)}\n\n", [Chunk("a")]),
    "choices as an object": ('data: {"choices":{"delta":{"content":"a"}}}\n\n', [Chunk("a")]),
    "a delta that is a text": ('data: {"choices":[{"delta":"a"}]}\n\n', [Chunk("a")]),
    "a text in an object": (
        'data: {"choices":[{"delta":{"content":[{"type":"text","text":{"value":"a"}}]}}]}\n\n',
        [Chunk("a")],
    ),
    "the same token twice": (
        2 * 'data: {"choices":[{"message":{"content":"ha"}}]}\n\n',
        [Chunk("ha"), Chunk("ha")],
    ),
    "signs of life": (f"data: 1\n\ndata: true\n\ndata: []\n\ndata: {A}\n\n", [Chunk("a")]),
    "counts in camel case": (
        'data: {"usage":{"promptTokens":3,"completionTokens":4,"totalTokens":7}}\n\n',
        [Chunk(usage=Usage(3, 4, 7), end="usage")],
    ),
    "counts of the prompt and of all": (
        'data: {"usage":{"prompt_tokens":3,"total_tokens":7}}\n\n',
        [Chunk(usage=Usage(3, 4, 7), end="usage")],
    ),
    "a usage in a delta": (
        'data: {"choices":[{"delta":{"usage":{"prompt_tokens":3,"completion_tokens":4}}}]}\n\n',
        [Chunk(usage=Usage(3, 4, 7))],
    ),
    "finishes of other languages": (
        "".join(f"data: {frame(finish_reason=word)}\n\n" for word in ("EosToken", "FINISH_REASON_SAFETY")),
        [Chunk(finish_reason="stop"), Chunk(finish_reason="content_filter")],
    ),
}


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "byte by byte"])
@pytest.mark.parametrize(("body", "chunks"), CASES.values(), ids=CASES)
def test_bodies(body: str, chunks: list[Chunk], whole: bool) -> None:
    data = body.encode()

    assert decode(*([data] if whole else bytewise(data))) == (chunks, None, False)


BROKEN = {
    "not json": ("data: {nonsense\n\n", MalformedChunkError),
    "not an object": ("data: [5]\n\n", MalformedChunkError),
    "error object": ('data: {"error":{"message":"m","code":502,"type":"t"}}\n\n', UpstreamReportedError),
    "error string": ('data: {"error":"overloaded"}\n\n', UpstreamReportedError),
    "error event": ('event: error\ndata: {"message":"m"}\n\n', UpstreamReportedError),
    "error event in words": ("event: error\ndata: overloaded\n\n", UpstreamReportedError),
    "error event without a word": ("event: error\n\n", UpstreamReportedError),
}


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "byte by byte"])
@pytest.mark.parametrize(("body", "error"), BROKEN.values(), ids=BROKEN)
def test_broken_bodies(body: str | bytes, error: type[ChunkError], whole: bool) -> None:
    data = f"data: {A}\n\n".encode() + (body if isinstance(body, bytes) else body.encode())

    assert decode(*([data] if whole else bytewise(data))) == ([Chunk("a")], error, False)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ('{"error":{"message":"m","code":502,"type":"t"}}', ("m", "502", "t")),
        ('{"error":{"message":"m","code":null}}', ("m", None, None)),
        ('{"error":"overloaded"}', ("overloaded", None, None)),
    ],
)
def test_what_a_reported_error_carries(data: str, told: tuple[str, str | None, str | None]) -> None:
    with pytest.raises(UpstreamReportedError) as caught:
        ChunkDecoder().feed(f"data: {data}\n\n".encode())

    assert (caught.value.message, caught.value.code, caught.value.type) == told


def test_an_error_waits_for_the_chunks_before_it_and_then_stays() -> None:
    decoder = ChunkDecoder()

    assert decoder.feed(f"data: {A}\n\ndata: {{\n\ndata: {A}\n\n".encode()) == [Chunk("a")]
    for _ in range(2):
        with pytest.raises(MalformedChunkError):
            decoder.feed(f"data: {A}\n\n".encode())
    assert isinstance(decoder.error, MalformedChunkError)


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "byte by byte"])
def test_a_list_of_chunks(whole: bool) -> None:
    body = f"[{A},\n{A}]".encode()
    decoder = ChunkDecoder()
    for data in [body] if whole else bytewise(body):
        assert decoder.feed(data) == []
    assert decoder.end() == [Chunk("a"), Chunk("a")]


@pytest.mark.parametrize("size", [1, 700, 10_000])
def test_blank_lines_for_minutes_before_an_answer_on_many_lines(size: int) -> None:
    body = b"\n" * 3000 + json.dumps({"choices": [{"message": {"content": "a"}}]}, indent=1).encode()
    decoder = ChunkDecoder()
    for at in range(0, len(body), size):
        assert decoder.feed(body[at : at + size]) == []
    assert decoder.end() == [Chunk("a"), DONE]


def test_an_error_says_nothing_of_the_answer() -> None:
    with pytest.raises(MalformedChunkError) as caught:
        ChunkDecoder().feed(b'data: {"choices":[{"delta":{"content":["secret"}}]}\n\n')

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("cut", ["\r", "\n"])
def test_a_line_end_is_one_even_where_json_allows_it(cut: str) -> None:
    decoder = ChunkDecoder()
    assert decoder.feed(f"data: {A}\n\n".encode()) == [Chunk("a")]
    with pytest.raises(MalformedChunkError):
        decoder.feed(f'data: {{"choices":{cut}[]}}\n\n'.encode())


@pytest.mark.parametrize("done", ["[DONE]", "[DONE] and more", "[done]", '"[DONE]"', "done"])
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "byte by byte"])
def test_what_follows_done_is_ignored(done: str, whole: bool) -> None:
    data = f"data: {A}\n\ndata: {done}\n\ndata: {A}\n\ndata: {{\n\n".encode() + b"x" * 10

    assert decode(*([data] if whole else bytewise(data))) == ([Chunk("a"), DONE], None, True)


@pytest.mark.parametrize("size", [4096, 10 * MAX_LINE_BYTES], ids=["pages", "whole"])
@pytest.mark.parametrize("line", [b"data: {", b": ", b""], ids=["data", "comment", "field"])
def test_a_line_that_is_too_long(line: bytes, size: int) -> None:
    longest = line + b" " * (MAX_LINE_BYTES - len(line) - 1)
    body = f"data: {A}\n\n".encode() + longest + b" \n" + longest + b"  \n"
    reads = (body[at : at + size] for at in range(0, len(body), size))

    assert decode(*reads) == ([Chunk("a")], LineTooLongError, False)


@pytest.mark.parametrize("size", [4096, 10 * MAX_LINE_BYTES], ids=["pages", "whole"])
def test_an_event_that_is_too_long(size: int) -> None:
    event = b'data: {"x":"' + b" " * MAX_LINE_BYTES + b'"}\n\n'
    body = f"data: {A}\n\n".encode() * 2 + event
    reads = (body[at : at + size] for at in range(0, len(body), size))

    assert decode(*reads) == ([Chunk("a")] * 2, LineTooLongError, False)


def test_a_line_after_done_may_be_of_any_length() -> None:
    assert decode(b"data: [DONE]\n\n", b"x" * 2 * MAX_LINE_BYTES) == ([DONE], None, True)


def test_an_event_of_too_many_lines() -> None:
    assert decode(*[b"data: 1234567890\n" * 1000] * 200) == ([], LineTooLongError, False)


def test_a_comment_without_end_takes_no_memory_when_it_has_lines() -> None:
    decoder = ChunkDecoder()
    for _ in range(100):
        assert decoder.feed(b": hb\n" * 4000) == []

    assert decoder.feed(f"data: {A}\n\n".encode()) == [Chunk("a")]


@dataclass
class Reference:
    """WHATWG's algorithm, character by character, and `json` for what is in it."""

    chunks: list[Chunk] = field(default_factory=list)
    done: bool = False

    def read(self, body: str) -> Reference:
        lines = body.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        data: list[str] = []
        for line in lines[:-1]:
            name, _, value = line.partition(":")
            if line == "":
                self.dispatch("\n".join(data))
                data = []
            elif name == "data":
                data.append(value.removeprefix(" "))
        return self

    def dispatch(self, data: str) -> None:
        if not data or self.done:
            return
        if data.startswith("[DONE]"):
            self.done = True
            self.chunks.append(DONE)
            return
        chunk = json.loads(data)
        choice = next((choice for choice in chunk["choices"] if choice["index"] == 0), {})
        usage = Usage(**chunk["usage"]) if chunk.get("usage") else None
        text = choice.get("delta", {}).get("content") or ""
        self.chunks.append(Chunk(text, choice.get("finish_reason"), usage))


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
FRAMES = st.builds(
    frame,
    TEXTS | st.none(),
    st.sampled_from([None, "stop", "length"]),
    model=st.sampled_from(["m", None]),
    usage=st.none() | st.just({"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}),
)
NOISE = st.sampled_from([": comment", ":", "event: message", "id: 1", "retry: 5", "unknown: x", "data", ""])
LINES = st.one_of(
    FRAMES.map("data: {}".format),
    FRAMES.map("data:{}".format),
    FRAMES.map(lambda data: "data: " + data.replace('", "', '",\ndata: "')),
    FRAMES.map("data: {}".format),
    NOISE,
    st.just("data: [DONE]"),
)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Bodies of an event stream; half are the row of plain events that takes the short way."""
    plain = draw(st.booleans())
    parts = ["" if plain else draw(st.sampled_from(["", "\ufeff"]))]
    for line in draw(st.lists(LINES, max_size=6)):
        end = "\n" if plain else draw(ENDS)
        # Two data lines in one event would be two JSON texts in one, so those keep their blank line.
        blank = end if plain or line.startswith("data") or draw(st.booleans()) else ""
        parts.append(line + end + blank)
    return "".join(parts)


@settings(max_examples=300, deadline=None)
@given(bodies(), st.data())
def test_any_body_in_any_cut_is_read_as_the_standard_says(body: str, data: st.DataObject) -> None:
    encoded = body.encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(encoded)), max_size=8)))
    reads = [encoded[a:b] for a, b in zip([0, *cuts], [*cuts, len(encoded)], strict=True)]

    expected = Reference().read(body)

    assert decode(*reads) == (expected.chunks, None, expected.done)
    assert decode(*bytewise(encoded)) == (expected.chunks, None, expected.done)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.binary(max_size=30) | st.sampled_from([b"data: ", b"{", b"\n\n", b"\r", b"event: error\n"]))
)
def test_any_bytes_are_chunks_or_a_chunk_error(reads: list[bytes]) -> None:
    whole = decode(b"".join(reads))

    assert decode(*reads) == whole
    assert decode(*bytewise(b"".join(reads))) == whole


@pytest.mark.parametrize("begun", [b'{"choices":"', b"data: "], ids=["object", "line"])
def test_what_was_read_goes_with_its_decoder_without_the_garbage_collector(begun: bytes) -> None:
    decoder = ChunkDecoder()
    decoder.feed(begun + b"x" * 1000)
    gone = weakref.ref(decoder)
    gc.disable()
    try:
        del decoder
        assert gone() is None
    finally:
        gc.enable()
