"""Server-sent events in any cut → their data, after WHATWG's "interpreting an event stream".

What servers send in the place of one is met where it would be lost: a bare JSON object on a line, an `error:`
line, events without a blank line between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from webapp.upstream.decoding.errors import LineTooLongError
from webapp.upstream.decoding.fields import error_of

MAX_LINE_BYTES = 1024 * 1024

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class EventReader:
    """Gives the data of each event to `take`, in the order of the stream, until that returns False.

    Raises LineTooLongError, UpstreamReportedError, and what `take` raises.
    """

    def __init__(self, take: Callable[[bytes], bool]) -> None:
        self.between_events = True
        """Whether what comes next is the first line of an event."""
        self._take = take
        self._open = True
        self._at_start = True
        self._after_cr = False
        self._line = bytearray()
        self._event_name = b""
        self._data: list[bytes] = []
        self._data_bytes = 0

    def feed(self, data: bytes) -> None:
        """Read on."""
        if b"\r" in data or len(data) > MAX_LINE_BYTES:
            self._feed_lines(data)
            return
        *events, rest = data.split(b"\n\n")
        for event in events:
            if not self._open:
                return
            if self.between_events and event.startswith(b"data: ") and b"\n" not in event:
                self._at_start = False
                self._open = len(event) == 6 or self._take(event[6:])
            else:
                self._feed_lines(event + b"\n\n")
        if rest:
            self._feed_lines(rest)

    def end(self) -> None:
        """Read what the end of the body has left without a line end, or without a blank line."""
        if self._open and self._line:
            self._take_field(self._take_line())
        if self._open:
            self._dispatch()

    def _feed_lines(self, data: bytes) -> None:
        for line in self._complete_lines(data):
            if not self._open:
                return
            if line:
                self._take_field(line)
            else:
                self._dispatch()
        self.between_events = not (self._line or self._data or self._event_name)

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
            if _is_object(self._data):
                # No blank line since the last event.
                self._dispatch()
            self._data.append(value)
            self._data_bytes += len(value) + 1
            if self._data_bytes > MAX_LINE_BYTES + 1:
                raise LineTooLongError(f"an event of the upstream exceeds {MAX_LINE_BYTES} bytes")
        elif name == b"event":
            self._event_name = value
        elif name == b"error" and value:
            raise error_of(value)
        elif not self._data and (_is_object([line]) or line == b"[DONE]"):
            self._open = self._take(line)

    def _dispatch(self) -> None:
        data, name = b"\n".join(self._data), self._event_name
        self._data.clear()
        self._data_bytes, self._event_name = 0, b""
        if name == b"error":
            raise error_of(data)
        if data and self._open:
            self._open = self._take(data)


def _is_object(lines: list[bytes]) -> bool:
    """Whether this is one line that is a whole JSON object."""
    if len(lines) != 1 or not lines[0].startswith(b"{") or not lines[0].rstrip().endswith(b"}"):
        return False
    try:
        msgspec.json.decode(lines[0], type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def parts(data: bytes, size: int) -> Iterator[bytes]:
    """Cut bytes into parts of about that size, where events end: what begins with one is read faster.

    Where none ends they are cut at the end of a line, and a line is never cut.
    """
    start = 0
    while start < len(data):
        most = start + size
        if most >= len(data):
            end = len(data)
        else:
            cut = data.rfind(b"\n\n", start, most) + 1 or data.rfind(b"\n", start, most)
            end = (cut if cut > 0 else data.find(b"\n", most)) + 1 or len(data)
        yield data[start:end]
        start = end
