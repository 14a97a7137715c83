"""The objects of an answer → the bytes of each media type a caller may accept. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from webapp.chat import Delta, Done, Event, Failure, Heartbeat

_encode_json: Final = msgspec.json.Encoder().encode


_LINE_SEPARATORS: Final = {
    "\x85".encode(): b"\\u0085",
    "\u2028".encode(): b"\\u2028",
    "\u2029".encode(): b"\\u2029",
}
"""Line ends to Unicode, not to SSE nor JSON. Readers that take them for such (Python's `str.splitlines` is in
many) would cut an object in two, so they are escaped."""


class CutError(Exception):
    """The format has no way to say that the answer is not whole but to break the body off."""


@dataclass(frozen=True)
class Format:
    """How a stream of events is written in one media type."""

    content_type: str
    encode: Callable[[Event], bytes]
    """The bytes of one event, possibly none. May raise CutError for an end that is none."""


def encode_sse(event: Event) -> bytes:
    """One `data:` line of JSON and a blank line (WHATWG HTML, 9.2.6).

    JSON escapes CR and LF, so one line always is enough. A heartbeat is one comment line without a blank
    line: widely used clients take `:` and a blank line for an empty message.
    """
    if event.__class__ is Heartbeat:
        return b": hb\n"
    encoded = _encode_json(event)
    return b"data: %b\n\n" % (encoded if encoded.isascii() else _escaped(encoded))


def encode_ndjson(event: Event) -> bytes:
    """One line of JSON; a heartbeat is an empty line."""
    if event.__class__ is Heartbeat:
        return b"\n"
    encoded = _encode_json(event)
    return (encoded if encoded.isascii() else _escaped(encoded)) + b"\n"


def encode_text(event: Event) -> bytes:
    """The text alone. Raises CutError where it is not whole: a text that stops is not a text that ends."""
    if isinstance(event, Delta):
        return event.text.encode()
    if isinstance(event, Failure) or (isinstance(event, Done) and event.reason):
        raise CutError
    return b""


def _escaped(encoded: bytes) -> bytes:
    for separator, escaped in _LINE_SEPARATORS.items():
        encoded = encoded.replace(separator, escaped)
    return encoded


STREAMED: Final = {
    "text/event-stream": Format("text/event-stream; charset=utf-8", encode_sse),
    "application/x-ndjson": Format("application/x-ndjson; charset=utf-8", encode_ndjson),
    "text/plain": Format("text/plain; charset=utf-8", encode_text),
}
"""By the media type that a caller accepts; the first is the default."""
