"""Upstream bytes to chunks: an event stream in any cut, each event one chat completion chunk as JSON.

Nearly every read from an upstream is one event that holds nothing but text, or a row of them, so that is read
by types, in a microsecond. What those types do not take, or find nothing in, is read tolerantly.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from webapp.upstream.decoding.chunk import Chunk
from webapp.upstream.decoding.document import DocumentReader
from webapp.upstream.decoding.errors import ChunkError, EmptyAnswerError, MalformedChunkError, NotAnApiError
from webapp.upstream.decoding.events import MAX_LINE_BYTES, EventReader
from webapp.upstream.decoding.tolerant import TolerantReader

_CR = ord("\r")
_BEFORE_THE_BEGINNING = b"\xef\xbb\xbf \t\r\n"
MOST_BEFORE_THE_BEGINNING = 1024
_SIGN_OF_LIFE = re.compile(
    rb"\s*(null|true|false|[-\d.]+|\"\"|\[\]|\[?(heartbeat|ping|keep[-_ ]?alive|processing)\]?)\s*",
    re.IGNORECASE,
)
"""What gateways send as the data of an event, where others send a comment."""
_END = re.compile(rb"\s*\"?(\[DONE\]|DONE\"?\s*$)", re.IGNORECASE)
_TWICE = re.compile(rb"(\s*data:)+")
"""What stands before the data where a gateway puts whole lines of an event into one."""


class _Delta(msgspec.Struct, gc=False):
    content: str | None = None
    reasoning_content: str | None = None


class _Choice(msgspec.Struct, gc=False):
    index: int = 0
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Frame(msgspec.Struct):
    choices: list[_Choice] | None = None
    usage: Any = None
    error: Any = None


_decode_frame = msgspec.json.Decoder(_Frame).decode


class ChunkDecoder:
    """Decodes one response body. What follows `[DONE]` is ignored."""

    def __init__(self) -> None:
        self.done = False
        """Whether nothing that comes matters any more."""
        self.error: ChunkError | None = None
        """What ended the reading; raised by the `feed` after the last one that returned chunks."""
        self._tolerant = TolerantReader()
        # No more than a proxy: readers that held this one would keep what they have read, a megabyte of it,
        # until the garbage collector comes.
        self._give = partial(ChunkDecoder._take, weakref.proxy(self))
        self._events = EventReader(self._give)
        self._document: DocumentReader | None = None
        self._head: bytes | None = b""
        """What came before it was clear what the body is."""
        self._chunks: list[Chunk] = []
        self._found_any = False
        self._quick: Callable[[bytes], list[Chunk] | None] | None = None
        """Reads whole events; None where none may begin, or be read by itself."""

    def feed(self, data: bytes) -> list[Chunk]:
        """Return every chunk that these bytes complete; may be none.

        Raises ChunkError. When chunks precede the broken event in the same bytes they are returned first, and
        the error waits in `error`. Every further call raises it.
        """
        if self._quick and (chunks := self._quick(data)):
            return chunks
        if self.error:
            raise self.error
        return [] if self.done else self._read(data)

    def end(self) -> list[Chunk]:
        """Return what the end of the body completes. Raises ChunkError, as `feed` does."""
        if self.error:
            raise self.error
        return [] if self.done else self._read(None)

    def _read(self, data: bytes | None) -> list[Chunk]:
        chunks: list[Chunk] = []
        self._chunks, self._quick = chunks, None
        try:
            if data is None:
                self._end()
            elif (data := self._begun(data)) is not None:
                (self._document or self._events).feed(data)
        except ChunkError as error:
            self.error = error
            if not chunks:
                raise
            error.__traceback__ = None
            return chunks
        tolerant = self._tolerant
        if self._events.between_events and not (tolerant.holds or self.done):
            # The first text is noted: whoever sends whole messages after thoughts alone repeats nothing.
            self._quick = (
                _plain_chunks if tolerant.has_text else _plain_thoughts if tolerant.has_thought else None
            )
        return chunks

    def _begun(self, data: bytes) -> bytes | None:
        """Look at what the body begins with. Returns what is to be read, if that is decided."""
        if self._head is None:
            return data
        data = self._head + data
        begins = data.lstrip(_BEFORE_THE_BEGINNING)[:1]
        if not begins:
            # Some send blank lines for minutes; they mean nothing, neither to events nor to JSON.
            self._head = data if len(data) < MOST_BEFORE_THE_BEGINNING else b""
            return None
        self._head = None
        if begins == b"<":
            raise NotAnApiError("the answer begins as a page does")
        if begins in (b"{", b"["):
            self._document = DocumentReader(self._give)
            return data.lstrip(_BEFORE_THE_BEGINNING)
        return data

    def _end(self) -> None:
        try:
            (self._document or self._events).end()
        except MalformedChunkError:
            # An event that the end of the body cuts.
            if not self._found_any:
                raise
        if held := self._tolerant.flush():
            self._chunks.append(Chunk(held))
        if self._document and self._tolerant.is_whole:
            # An object that is whole is an answer that is, whatever its finish_reason.
            self._chunks.append(Chunk(end="done"))
        self.done = True
        if not self._found_any:
            raise EmptyAnswerError("there is no event in the answer")

    def _take(self, data: bytes) -> bool:
        """Take the data of one event; returns whether more may follow."""
        self._found_any = True
        if not self._tolerant.holds and (chunk := _plain_chunk(data)):
            self._tolerant.has_text |= bool(chunk.text)
            self._tolerant.has_thought |= bool(chunk.reasoning)
            self._chunks.append(chunk)
            return True
        data = _TWICE.sub(b"", data, count=1) if data.lstrip().startswith(b"data:") else data
        if _END.match(data):
            held = self._tolerant.flush()
            self._chunks.append(Chunk(held, end="done"))
            self.done = True
            return False
        if not _SIGN_OF_LIFE.fullmatch(data):
            self._chunks.append(self._tolerant.read(data))
        return True


def _plain_chunks(data: bytes) -> list[Chunk] | None:
    """Return the chunks of bytes that are whole events with nothing but text, as nearly all reads are.

    Each is `data: {...}` and a blank line, with no other line end.
    """
    size = len(data)
    if size > MAX_LINE_BYTES or _CR in data or not data.startswith(b"data: {"):
        return None
    first_end = data.find(b"\n")
    if first_end == size - 2:
        chunk = _plain_chunk(data[6:first_end]) if data.endswith(b"\n") else None
        return [chunk] if chunk else None
    if not data.endswith(b"}\n\n"):
        return None
    events = data[6:-2].split(b"\n\ndata: ")
    if data.count(b"\n") != 2 * len(events):
        return None
    chunks: list[Chunk] = []
    for event in events:
        if (chunk := _plain_chunk(event)) is None:
            return None
        chunks.append(chunk)
    return chunks


def _plain_thoughts(data: bytes) -> list[Chunk] | None:
    """As _plain_chunks, of thinking alone."""
    chunks = _plain_chunks(data)
    return None if chunks is None or any(chunk.text for chunk in chunks) else chunks


def _plain_chunk(data: bytes) -> Chunk | None:
    """Return a chunk that is some text or some thinking and nothing else; None for what must be looked at."""
    try:
        frame = _decode_frame(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    choices = frame.choices
    if not choices or frame.usage or frame.error:
        return None
    choice = choices[0]
    delta = choice.delta
    if delta is None or choice.finish_reason or choice.index:
        return None
    if text := delta.content:
        return None if delta.reasoning_content else Chunk(text)
    thought = delta.reasoning_content
    return Chunk(reasoning=thought) if thought else None
