"""Upstream bytes to chunks: server-sent events in any cut, each holding one chat completion chunk as JSON.

The parsing follows WHATWG's "interpreting an event stream"; the reading of `[DONE]` and of error objects
follows the openai SDK. Nearly every read from an upstream is a row of whole `data: {...}` events, so that
case has a short way; everything else goes line by line, and both may take turns within one read.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from webapp.chat import Usage

MAX_LINE_BYTES = 1024 * 1024

_CR = ord("\r")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class ChunkError(Exception):
    """What the upstream sent cannot be, or is not, a chunk. The message holds no text of the answer."""


class MalformedChunkError(ChunkError):
    """The data of an event is not the JSON of a chat completion chunk."""


class LineTooLongError(ChunkError):
    """A line, or the data lines of one event together, exceed MAX_LINE_BYTES."""


class UpstreamReportedError(ChunkError):
    """The upstream answered 200 and then reported an error inside the stream; for logs and for mapping."""

    def __init__(self, message: str = "", code: str | None = None, type_: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.type = type_


class Chunk(msgspec.Struct, frozen=True, gc=False):
    """One upstream event, as far as the first choice is concerned; a refusal is text like any other."""

    text: str = ""
    finish_reason: str | None = None
    usage: Usage | None = None


class _Delta(msgspec.Struct, gc=False):
    content: str | None = None
    refusal: str | None = None


class _Choice(msgspec.Struct, gc=False):
    index: int = 0
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Frame(msgspec.Struct):
    choices: list[_Choice] | None = None
    usage: Usage | None = None
    error: Any = None


_decode_frame = msgspec.json.Decoder(_Frame).decode


class ChunkDecoder:
    """Decodes one response body.

    What follows `[DONE]` is ignored, and so is an event that the end of the body cuts.
    """

    def __init__(self) -> None:
        self.done = False
        self.error: ChunkError | None = None
        """What ended the reading; raised by the `feed` after the last one that returned chunks."""
        self._at_start = True
        self._between_events = False
        self._after_cr = False
        self._line = bytearray()
        self._event_name = b""
        self._data: list[bytes] = []
        self._data_bytes = 0

    def feed(self, data: bytes) -> list[Chunk]:
        """Return every chunk that these bytes complete; may be none.

        Raises ChunkError. When chunks precede the broken event in the same bytes they are returned first, and
        the error waits in `error`. Every further call raises it.
        """
        if self.error:
            raise self.error
        chunks: list[Chunk] = []
        if self.done:
            return chunks
        try:
            if self._between_events and _is_one_event(data):
                chunks.append(_chunk(data[6:-2]))
            elif b"\r" in data or len(data) > MAX_LINE_BYTES:
                self._decode_lines(data, chunks)
            else:
                self._decode_events(data, chunks)
        except ChunkError as error:
            self.error = error
            if not chunks:
                raise
        return chunks

    def _decode_events(self, data: bytes, chunks: list[Chunk]) -> None:
        *events, rest = data.split(b"\n\n")
        for event in events:
            if self.done:
                return
            if self._between_events and event.startswith(b"data: {") and b"\n" not in event:
                chunks.append(_chunk(event[6:]))
            else:
                self._decode_lines(event + b"\n\n", chunks)
        if rest:
            self._decode_lines(rest, chunks)

    def _decode_lines(self, data: bytes, chunks: list[Chunk]) -> None:
        for line in self._complete_lines(data):
            if self.done:
                return
            if line:
                self._take_field(line)
            else:
                self._dispatch(chunks)
        self._between_events = not (self._line or self._data or self._event_name)

    def _complete_lines(self, data: bytes) -> Iterator[bytes]:
        if self._after_cr and data:
            data = data.removeprefix(b"\n")
            self._after_cr = False
        if data.endswith(b"\r"):
            # The line ends here and is dispatched here; should a line feed come next, it belongs to this end.
            self._after_cr = True
        first, *others = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        for following in others:
            self._extend_line(first)
            yield self._take_line()
            first = following
        self._extend_line(first)

    def _extend_line(self, data: bytes) -> None:
        self._line += data
        if len(self._line) > MAX_LINE_BYTES:
            raise LineTooLongError(f"a line of the upstream exceeds {MAX_LINE_BYTES} bytes")

    def _take_line(self) -> bytes:
        line = bytes(self._line)
        self._line.clear()
        if self._at_start:
            self._at_start = False
            line = line.removeprefix(_BYTE_ORDER_MARK)
        return line

    def _take_field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
            self._data_bytes += len(value) + 1
            if self._data_bytes > MAX_LINE_BYTES + 1:
                raise LineTooLongError(f"an event of the upstream exceeds {MAX_LINE_BYTES} bytes")
        elif name == b"event":
            self._event_name = value

    def _dispatch(self, chunks: list[Chunk]) -> None:
        data, name = b"\n".join(self._data), self._event_name
        self._data.clear()
        self._data_bytes, self._event_name = 0, b""
        if data.startswith(b"[DONE]"):
            self.done = True
        elif data and name == b"error":
            raise _reported_error(_error_of(data))
        elif data:
            chunks.append(_chunk(data))


def _is_one_event(data: bytes) -> bool:
    """Whether the bytes are `data: {...}` and a blank line, with no other line end: nearly all reads are."""
    return (
        data.startswith(b"data: {")
        and data.endswith(b"}\n\n")
        and data.count(b"\n") == 2
        and _CR not in data
        and len(data) <= MAX_LINE_BYTES
    )


def _chunk(data: bytes) -> Chunk:
    try:
        frame = _decode_frame(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedChunkError(str(error)) from error
    if frame.error:
        raise _reported_error(frame.error)
    # Each choice of n > 1 comes in chunks of its own.
    for choice in frame.choices or ():
        if choice.index == 0:
            delta = choice.delta
            text = (delta.content or delta.refusal or "") if delta else ""
            return Chunk(text, choice.finish_reason, frame.usage)
    return Chunk("", None, frame.usage)


def _error_of(data: bytes) -> object:
    """Return what an `event: error` says, which some servers wrap in `{"error": ...}` and some do not."""
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return data.decode(errors="replace")
    return (value.get("error") or value) if isinstance(value, dict) else value


def _reported_error(error: object) -> UpstreamReportedError:
    if not isinstance(error, dict):
        return UpstreamReportedError(str(error))
    texts = {key: str(error[key]) for key in ("message", "code", "type") if error.get(key) is not None}
    return UpstreamReportedError(texts.get("message", ""), texts.get("code"), texts.get("type"))
