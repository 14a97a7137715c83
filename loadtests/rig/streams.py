"""Many answers at once over plain sockets in one loop, each kept byte for byte until it is judged."""

from __future__ import annotations

import errno
import math
import selectors
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import msgspec
from geventhttpclient.response import HTTPParseError, HTTPResponse

from loadtests.chat import BadAnswerError, objects
from loadtests.rig.ports import HOST, RESET

SSE, NDJSON, TEXT, JSON = "text/event-stream", "application/x-ndjson", "text/plain", "application/json"
FORMATS = (SSE, NDJSON, TEXT, JSON)
TEXT_MARKS = {SSE: b'"delta"', NDJSON: b'"delta"', TEXT: b"", JSON: b'"text"'}
"""What is in a body, if there is one, that has text."""
POLL_SECONDS = 0.01


class _Response(HTTPResponse):
    """Parses one response, and keeps its body."""

    @property
    def body(self) -> bytes:
        return bytes(self._body_buffer)


@dataclass(eq=False)
class Stream:
    """One request and what has come of its answer. Times are of the monotonic clock."""

    sock: socket.socket
    accept: str
    asked_at: float
    asked: bytes = b""
    """The request."""
    is_asked: bool = False
    """Whether it has been sent."""
    first_text_at: float | None = None
    ended_at: float | None = None
    read_ats: list[float] = field(default_factory=list)
    """When bytes of it were read."""

    response: _Response = field(default_factory=_Response)

    @property
    def status(self) -> int:
        """0 before a response has begun."""
        return self.response.status_code if self.response.headers_complete else 0

    @property
    def whole(self) -> bool:
        """Whether the answer came to its proper end."""
        return self.response.message_complete

    @property
    def has_text(self) -> bool:
        """Whether any text has come."""
        body = self.response.body
        return bool(body) and TEXT_MARKS[self.accept] in body

    @property
    def first_text_seconds(self) -> float:
        """How long its first text took; who got none has waited for ever."""
        return (self.first_text_at or math.inf) - self.asked_at

    def objects(self) -> list[dict[str, object]]:
        """All objects of the answer; raises BadAnswerError for what is none."""
        body = self.response.body
        if self.accept == SSE:
            return list(objects([body]))
        try:
            return [msgspec.json.decode(line, type=dict[str, object]) for line in body.splitlines() if line]
        except msgspec.MsgspecError as error:
            raise BadAnswerError("malformed: not one JSON object a line") from error

    def text(self) -> str:
        if self.accept == TEXT:
            return self.response.body.decode()
        return "".join(str(item.get("text", "")) for item in self.objects())


class Streams:
    """Opens streams to one port, over TLS if told so, and reads them all. Requests bring these headers."""

    def __init__(self, port: int, headers: str = "", tls: ssl.SSLContext | None = None) -> None:
        self.opened: list[Stream] = []
        self._port = port
        self._headers = headers
        self._tls = tls
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for stream in self.opened:
            stream.sock.close()
        self._selector.close()

    def ask(
        self,
        model: str,
        prompt: str,
        accept: str = SSE,
        *,
        receive_buffer: int | None = None,
        reads: bool = True,
    ) -> Stream:
        """Send a request; `reads` false is for a client that never looks at its answer."""
        sock = socket.socket()
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = Stream(sock, accept, time.monotonic(), request(model, prompt, accept, self._headers))
        # A server whose line is full lets a connection wait for a second, and nobody else shall wait with it.
        sock.setblocking(not reads)
        if self._tls:
            sock = stream.sock = self._tls.wrap_socket(sock, do_handshake_on_connect=False)
        sock.connect_ex((HOST, self._port))
        self.opened.append(stream)
        if reads:
            self._selector.register(sock, selectors.EVENT_WRITE, stream)
        self._send_where_connected(stream)
        return stream

    def read_until(self, done: Callable[[], bool], seconds: float) -> bool:
        """Read whatever comes until something holds; returns whether it did in time."""
        until = time.monotonic() + seconds
        while not done():
            if time.monotonic() > until:
                return False
            for key, events in self._selector.select(POLL_SECONDS):
                if events & selectors.EVENT_WRITE or not key.data.is_asked:
                    self._send_where_connected(key.data)
                else:
                    self._read(key.data)
        return True

    def read_for(self, seconds: float) -> None:
        self.read_until(lambda: False, seconds)

    def read_to_end(self, streams: Iterable[Stream], seconds: float) -> list[Stream]:
        """Read until all have ended; returns those that had not when the time was over."""
        waiting = list(streams)
        self.read_until(lambda: all(stream.ended_at for stream in waiting), seconds)
        return [stream for stream in waiting if not stream.ended_at]

    def leave(self, stream: Stream, *, reset: bool = False) -> float:
        """Close the connection, whatever state its answer is in; returns when that was."""
        self._forget(stream)
        if reset:
            stream.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        left_at = time.monotonic()
        stream.sock.close()
        return left_at

    def _send_where_connected(self, stream: Stream) -> None:
        try:
            if isinstance(stream.sock, ssl.SSLSocket) and not _has_shaken_hands(stream.sock):
                return
            stream.sock.sendall(stream.asked)
        except BlockingIOError:
            return
        except ssl.SSLWantReadError:
            self._await_bytes(stream)
            return
        except OSError:
            self._end(stream, time.monotonic())
            return
        stream.is_asked = True
        stream.sock.setblocking(False)
        self._await_bytes(stream)

    def _await_bytes(self, stream: Stream) -> None:
        if stream.sock.fileno() in self._selector.get_map():
            self._selector.modify(stream.sock, selectors.EVENT_READ, stream)

    def _read(self, stream: Stream) -> None:
        try:
            data = stream.sock.recv(65536)
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        except OSError:
            data = b""
        now = time.monotonic()
        if not data:
            self._end(stream, now)
            return
        stream.read_ats.append(now)
        try:
            stream.response.feed(data)
        except HTTPParseError:
            self._end(stream, now)
        if stream.first_text_at is None and stream.has_text:
            stream.first_text_at = now
        if stream.whole:
            self._end(stream, now)

    def _end(self, stream: Stream, now: float) -> None:
        stream.ended_at = stream.ended_at or now
        self._forget(stream)

    def _forget(self, stream: Stream) -> None:
        if stream.sock.fileno() in self._selector.get_map():
            self._selector.unregister(stream.sock)


def _has_shaken_hands(sock: ssl.SSLSocket) -> bool:
    """Go on with it; whether it is done. Raises SSLWantReadError while the server has the word."""
    try:
        sock.do_handshake()
    except OSError as error:
        # Not connected yet, if there is no other reason.
        if error.errno == errno.ENOTCONN and not sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            return False
        raise
    return True


def request(
    model: str,
    prompt: str = "Hi",
    accept: str = SSE,
    headers: str = "",
    *,
    version: str = "1.1",
    messages: Sequence[Mapping[str, str]] = (),
) -> bytes:
    """The bytes of a `POST /chat`: of a prompt, or of the messages that are given instead."""
    asked = {"messages": messages or [{"role": "user", "content": prompt}], "model": model}
    body = msgspec.json.encode(asked)
    head = (
        f"POST /chat HTTP/{version}\r\nHost: {HOST}\r\nAccept: {accept}\r\n"
        f"{headers}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def terminals(stream: Stream) -> list[dict[str, object]]:
    """The objects that end an answer: there must be exactly one."""
    return [item for item in stream.objects() if item.get("type") in ("done", "error")]
