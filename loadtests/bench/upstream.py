"""A chat completions API that costs less than anything measured in front of it: `python -m ... PORT`.

One loop over epoll, bytes prepared beforehand, no work for a token but one `send`. Streams that are due in
the same millisecond share a wake-up. The model's name says what is asked for: `bench-tokens500-every20` is
500 tokens, one every 20 ms, the first at once.
"""

from __future__ import annotations

import json
import re
import select
import socket
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

WORD = " quantum"
"""The text of every token."""

TICK_SECONDS = 0.001
_MODEL = re.compile(rb'"model"\s*:\s*"(?:[a-z]+/)?bench-tokens(\d+)-every(\d+)"')
_LENGTH = re.compile(rb"(?i)\r\ncontent-length:\s*(\d+)")
_CHUNK = {
    "id": "chatcmpl-Cq3zJ8mVb1Yt5RkXw7LdPfGhNs0aE",
    "object": "chat.completion.chunk",
    "created": 1764000000,
    "model": "bench",
    "service_tier": "default",
    "system_fingerprint": "fp_5d3c1f2a9b",
}
_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\n"
    b"Transfer-Encoding: chunked\r\nx-request-id: req_5d3c1f2a9b\r\n\r\n"
)


def _event(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return _framed(json.dumps({**_CHUNK, "choices": [choice], "usage": None}, separators=(",", ":")))


def _framed(data: str) -> bytes:
    event = f"data: {data}\n\n".encode()
    return b"%x\r\n%b\r\n" % (len(event), event)


ROLE = _event({"role": "assistant", "content": ""})
TOKEN = _event({"content": WORD})


@lru_cache
def ending(tokens: int, with_usage: bool) -> bytes:
    """What follows the last token, in one piece."""
    usage = {"prompt_tokens": 9, "completion_tokens": tokens, "total_tokens": tokens + 9}
    counted = _framed(json.dumps({**_CHUNK, "choices": [], "usage": usage}, separators=(",", ":")))
    return _event({}, "stop") + (counted if with_usage else b"") + _framed("[DONE]") + b"0\r\n\r\n"


@dataclass
class Stats:
    """What `GET /stats` tells."""

    connections: int = 0
    requests: int = 0
    tokens: int = 0
    late_seconds: float = 0.0
    """The longest that a tick came after its time."""
    held_back: int = 0
    """How often a connection would not take what was due."""


@dataclass(eq=False)
class Stream:
    """One answer under way."""

    sock: socket.socket
    left: int
    every: int
    end: bytes
    rest: bytes = b""


class Upstream:
    """Serves until it is killed."""

    def __init__(self, listener: socket.socket) -> None:
        self.stats = Stats()
        self._listener = listener
        self._poll = select.epoll()
        self._poll.register(listener, select.EPOLLIN)
        self._sockets: dict[int, socket.socket] = {}
        self._input: defaultdict[int, bytes] = defaultdict(bytes)
        self._due: defaultdict[int, list[Stream]] = defaultdict(list)
        self._tick = self._now()

    def serve(self) -> None:
        while True:
            for descriptor, _ in self._poll.poll(self._patience()):
                if descriptor == self._listener.fileno():
                    self._accept()
                else:
                    self._read(descriptor)
            now = self._now()
            while self._due and (tick := min(self._due)) <= now:
                self._tick = tick
                self.stats.late_seconds = max(self.stats.late_seconds, (now - tick) * TICK_SECONDS)
                for stream in self._due.pop(tick):
                    self._send(stream)
            self._tick = now

    @staticmethod
    def _now() -> int:
        return int(time.monotonic() / TICK_SECONDS)

    def _patience(self) -> float | None:
        """How long nothing is due."""
        return max(0.0, min(self._due) * TICK_SECONDS - time.monotonic()) if self._due else None

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except BlockingIOError:
                return
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets[sock.fileno()] = sock
            self._poll.register(sock, select.EPOLLIN)
            self.stats.connections += 1

    def _read(self, descriptor: int) -> None:
        sock = self._sockets[descriptor]
        try:
            data = sock.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._close(sock)
            return
        request = self._input.pop(descriptor, b"") + data
        head, separator, body = request.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if separator and len(body) >= (int(length[1]) if length else 0):
            self._answer(sock, head, body)
        else:
            self._input[descriptor] = request

    def _answer(self, sock: socket.socket, head: bytes, body: bytes) -> None:
        model = _MODEL.search(body)
        if not model:
            told = json.dumps(self.stats.__dict__).encode()
            status = b"200 OK" if head.startswith(b"GET ") else b"400 Bad Request"
            sock.send(b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status, len(told), told))
            return
        self.stats.requests += 1
        tokens, every = int(model[1]), int(model[2])
        stream = Stream(sock, tokens, max(1, every), ending(tokens, b"include_usage" in body), _HEAD + ROLE)
        self._send(stream)

    def _send(self, stream: Stream) -> None:
        """Send the next token; what a connection does not take goes out with a later one."""
        data = TOKEN if stream.left > 1 else TOKEN + stream.end if stream.left else b""
        if stream.rest:
            data = stream.rest + data
        stream.left -= 1
        self.stats.tokens += stream.left >= 0
        try:
            sent = stream.sock.send(data)
        except BlockingIOError:
            sent = 0
            self.stats.held_back += 1
        except OSError:
            return
        stream.rest = data[sent:] if sent < len(data) else b""
        if stream.left > 0 or stream.rest:
            self._due[self._tick + stream.every].append(stream)

    def _close(self, sock: socket.socket) -> None:
        self._input.pop(sock.fileno(), None)
        del self._sockets[sock.fileno()]
        self._poll.unregister(sock)
        sock.close()


def main(port: int) -> None:
    listener = socket.create_server(("127.0.0.1", port), backlog=4096)
    listener.setblocking(False)
    Upstream(listener).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
