"""A chat completions API that costs less than anything measured in front of it.

One loop, bytes prepared beforehand, no work for a token but one `send`. Streams that are due in the same
millisecond share a wake-up. Of an answer that stops in a phase it writes a JSON line when its request has
come, and one when its client has gone before the end.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field

from loadtests.rig.upstream.scripts import SHORT, TOKEN, Script, script

TICK_SECONDS = 0.001
LATEST_MS = 1000
_LENGTH = re.compile(rb"(?i)\r\ncontent-length:\s*(\d+)")


@dataclass
class Stats:
    """What `GET /stats` tells."""

    connections: int = 0
    requests: int = 0
    tokens: int = 0
    late_ms: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    """How many tokens left so many whole milliseconds after their time."""


@dataclass(eq=False)
class Stream:
    """One answer under way."""

    sock: socket.socket
    script: Script
    left: int
    rest: bytes

    @property
    def has_ended(self) -> bool:
        """Whether its client has all of it. What a kernel took of a flood, nobody may ever have read."""
        return self.script.phase == SHORT and self.left <= 0 and not self.rest


class UpstreamServer:
    """Serves until it is killed."""

    def __init__(self, listener: socket.socket) -> None:
        self.stats = Stats()
        self._listener = listener
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)
        self._input: defaultdict[socket.socket, bytes] = defaultdict(bytes)
        self._streams: dict[socket.socket, Stream] = {}
        self._due: defaultdict[int, list[Stream]] = defaultdict(list)
        self._tick = self._now()

    def serve(self) -> None:
        while True:
            ready = self._selector.select(self._patience())
            # What is asked for after an idle minute begins now, not when something was last due.
            self._tick = self._now()
            for key, _ in ready:
                if key.fileobj is self._listener:
                    self._accept()
                else:
                    self._read(key.fileobj)  # type: ignore[arg-type]  # only sockets are registered
            while self._due and (tick := min(self._due)) <= (now := self._now()):
                self._tick = tick
                streams = self._due.pop(tick)
                self.stats.late_ms[min(now - tick, LATEST_MS)] += len(streams)
                for stream in streams:
                    self._send(stream)

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
            self._selector.register(sock, selectors.EVENT_READ)
            self.stats.connections += 1

    def _read(self, sock: socket.socket) -> None:
        try:
            data = sock.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._close(sock)
            return
        request = self._input.pop(sock, b"") + data
        head, separator, body = request.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if separator and len(body) >= (int(length[1]) if length else 0):
            self._answer(sock, head, body)
        else:
            self._input[sock] = request

    def _answer(self, sock: socket.socket, head: bytes, body: bytes) -> None:
        asked = script(body)
        if asked is None:
            told = json.dumps(vars(self.stats)).encode()
            status = b"200 OK" if head.startswith(b"GET ") else b"400 Bad Request"
            sock.send(b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status, len(told), told))
            return
        self.stats.requests += 1
        if asked.phase:
            _note("asked", asked)
        stream = self._streams[sock] = Stream(sock, asked, asked.tokens, asked.first)
        self._send(stream)

    def _send(self, stream: Stream) -> None:
        """Send the next token; what a connection does not take goes out with a later one."""
        data = TOKEN if stream.left > 1 else TOKEN + stream.script.end if stream.left else b""
        if stream.rest:
            data = stream.rest + data
        if stream.left:
            stream.left -= 1
            self.stats.tokens += 1
        try:
            sent = stream.sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            return
        stream.rest = data[sent:] if sent < len(data) else b""
        if stream.left or stream.rest:
            self._due[self._tick + stream.script.every_ms].append(stream)

    def _close(self, sock: socket.socket) -> None:
        self._input.pop(sock, None)
        stream = self._streams.pop(sock, None)
        if stream and stream.script.phase and not stream.has_ended:
            _note("left", stream.script)
        self._selector.unregister(sock)
        sock.close()


def _note(what: str, asked: Script) -> None:
    noted = {"what": what, "phase": asked.phase, "who": asked.who, "at": time.monotonic()}
    sys.stdout.write(json.dumps(noted) + "\n")
    sys.stdout.flush()


def listening(host: str, port: int) -> socket.socket:
    """What a server of this kind takes."""
    listener = socket.create_server((host, port), backlog=4096)
    listener.setblocking(False)
    return listener
