"""An upstream that stops in the phase its prompt names: `python -m loadtests.rig.upstream HOST PORT`.

A process of its own over one epoll loop, so that what it notes is the app's doing. It writes a JSON line when
a request has come, and one when its client has gone before the end.
"""

from __future__ import annotations

import json
import re
import select
import socket
import sys
import time
from dataclasses import dataclass, field

from loadtests.rig.upstream import BEFORE_HEADERS, BETWEEN_TOKENS, FLOOD, SHORT, STALLED

TICK_SECONDS = 0.02
SHORT_TOKENS = 20
ENDLESS = 1_000_000

_LENGTH = re.compile(rb"(?i)\r\ncontent-length:\s*(\d+)")
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def _event(frame: dict[str, object]) -> bytes:
    data = b"data: %b\n\n" % json.dumps(frame).encode()
    return b"%x\r\n%b\r\n" % (len(data), data)


def _token(text: str) -> bytes:
    return _event({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]})


TOKEN = _token("word ")
END = (
    _event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    + b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"
)
MEGABYTE = _token("x" * 1000) * 1000


@dataclass(eq=False)
class Talk:
    """One connection: its request, and what it has still to be sent."""

    sock: socket.socket
    request: bytes = b""
    phase: str = ""
    tokens: int = 0
    unsent: bytearray = field(default_factory=bytearray)

    @property
    def has_ended(self) -> bool:
        """Whether its client has all of it. What a kernel took of a flood, nobody may ever have read."""
        return self.phase == SHORT and not self.tokens and not self.unsent


class Upstream:
    """Serves until it is killed."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._poll = select.epoll()
        self._poll.register(listener, select.EPOLLIN)
        self._talks: dict[int, Talk] = {}

    def serve(self) -> None:
        tick_at = time.monotonic()
        while True:
            for descriptor, _ in self._poll.poll(max(0.0, tick_at - time.monotonic())):
                if descriptor == self._listener.fileno():
                    self._accept()
                else:
                    self._read(self._talks[descriptor])
            if time.monotonic() >= tick_at:
                tick_at += TICK_SECONDS
                for talk in list(self._talks.values()):
                    self._tick(talk)

    def _accept(self) -> None:
        sock, _ = self._listener.accept()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._talks[sock.fileno()] = Talk(sock)
        self._poll.register(sock, select.EPOLLIN)

    def _read(self, talk: Talk) -> None:
        try:
            data = talk.sock.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._close(talk)
            return
        talk.request += data
        head, end, body = talk.request.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if end and length and len(body) >= int(length[1]):
            talk.request = b""
            self._begin(talk, json.loads(body)["messages"][-1]["content"])

    def _begin(self, talk: Talk, phase: str) -> None:
        talk.phase = phase
        _note("asked", phase)
        talk.tokens = {BETWEEN_TOKENS: ENDLESS, SHORT: SHORT_TOKENS}.get(phase, 0)
        if phase != BEFORE_HEADERS:
            talk.unsent += _HEAD
        if phase == STALLED:
            talk.unsent += TOKEN
        if phase == FLOOD:
            talk.unsent += MEGABYTE + END
        self._send(talk)

    def _tick(self, talk: Talk) -> None:
        if talk.tokens:
            talk.tokens -= 1
            talk.unsent += TOKEN if talk.tokens else TOKEN + END
        if talk.unsent:
            self._send(talk)

    def _send(self, talk: Talk) -> None:
        try:
            del talk.unsent[: talk.sock.send(talk.unsent)]
        except BlockingIOError:
            return
        except OSError:
            self._close(talk)

    def _close(self, talk: Talk) -> None:
        if talk.phase and not talk.has_ended:
            _note("left", talk.phase)
        del self._talks[talk.sock.fileno()]
        self._poll.unregister(talk.sock)
        talk.sock.close()


def _note(what: str, phase: str) -> None:
    sys.stdout.write(json.dumps({"what": what, "phase": phase, "at": time.monotonic()}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=1024) as listening:
        Upstream(listening).serve()
