"""The bytes of responses and of the events in them, for upstreams that are told what to send."""

import json
from collections.abc import Iterable, Iterator
from enum import Enum

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
EVENT = b'data: {"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}\n\n'
DONE = b"data: [DONE]\n\n"
LAST_CHUNK = b"0\r\n\r\n"


class Ending(Enum):
    """How a connection is cut."""

    CLOSE = "FIN"
    RESET = "RST"


Step = bytes | float | Ending
"""Bytes to send, seconds to wait, or how to end the connection."""


def chunk(data: bytes) -> bytes:
    """One HTTP chunk."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def event(item: object) -> bytes:
    """One server-sent event with this as JSON."""
    return b"data: %b\n\n" % json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode()


def answer(body: bytes, status: bytes = b"200 OK", headers: bytes = b"") -> bytes:
    """A response of known length."""
    length = b"Content-Length: %d\r\n" % len(body)
    return b"HTTP/1.1 %b\r\nContent-Type: application/json\r\n%b%b\r\n%b" % (status, headers, length, body)


def whole(item: object, status: bytes = b"200 OK") -> bytes:
    """A response of known length with this as JSON."""
    return answer(json.dumps(item).encode(), status)


def chunked(steps: Iterable[Step]) -> Iterator[Step]:
    """A response with a chunk for each bytes among the steps, and the last chunk unless the steps end it."""
    yield CHUNKED
    for step in steps:
        yield chunk(step) if isinstance(step, bytes) else step
    yield LAST_CHUNK


def until_closed(steps: Iterable[Step]) -> Iterator[Step]:
    """A response whose body ends with the connection."""
    yield OK.replace(b"1.1", b"1.0") + b"\r\n"
    yield from steps
    yield Ending.CLOSE
