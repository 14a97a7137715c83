"""Opens many streams at once and notes when their tokens come: `python -m loadtests.bench.client`.

A process of its own, over epoll, that looks for one word in the bytes and parses nothing: it must cost less
than what it measures, and says what it cost. Reads a Load as JSON from stdin. Writes one JSON line when all
streams have begun, one when the first is about to end, and the Outcome last.
"""

from __future__ import annotations

import os
import select
import socket
import sys
import time
from dataclasses import dataclass, field

import msgspec

PATIENCE_SECONDS = 120.0
LAST_CHUNK = b"\r\n0\r\n\r\n"
"""With the end of the chunk before it: a header may well end in 0."""


@dataclass(frozen=True)
class Load:
    """What to ask for, how often, and how to count what comes."""

    port: int
    request: str
    streams: int
    tokens: int
    word: str
    ramp_seconds: float
    expected_seconds: float
    sleeps: bool = True
    """Whether the client sleeps while nothing comes. To wake a core that sleeps costs the sender, under a
    hypervisor as much as the rest of its sending: the price of an idle reader, not of what is measured."""


@dataclass(frozen=True)
class Mark:
    """A moment in the run, and how many tokens had come by then."""

    at: str
    tokens: int
    seconds: float


@dataclass
class Outcome:
    """How the streams went, times in seconds; `busy_share` is the part of the time that the client worked,
    waiting left out, asleep or not."""

    first_tokens: list[float] = field(default_factory=list)
    totals: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    tokens: int = 0
    busy_share: float = 0.0


@dataclass(eq=False)
class Stream:
    """One request under way."""

    sock: socket.socket
    sent_at: float = 0.0
    first_at: float = 0.0
    tokens: int = 0
    tail: bytes = b""


class Client:
    """Runs one Load."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._request = load.request.encode()
        self._word = load.word.encode()
        self._poll = select.epoll()
        self._open: dict[int, Stream] = {}
        self._begun = 0
        self._marked: set[str] = set()
        self.outcome = Outcome()

    def run(self) -> Outcome:
        started = time.monotonic()
        until = started + self._load.ramp_seconds + self._load.expected_seconds + PATIENCE_SECONDS
        opened, busy = 0, 0.0
        while (now := time.monotonic()) < until and (opened < self._load.streams or self._open):
            due = self._due(now - started)
            while opened < due:
                self._start()
                opened += 1
            busy += time.monotonic() - now
            ready = self._wait(0.001 if opened < self._load.streams else 0.2)
            now = time.monotonic()
            for descriptor, _ in ready:
                self._read(self._open[descriptor])
            busy += time.monotonic() - now
        for stream in list(self._open.values()):
            self._end(stream, "did not end in time")
        self.outcome.busy_share = busy / (time.monotonic() - started)
        return self.outcome

    def _wait(self, seconds: float) -> list[tuple[int, int]]:
        if self._load.sleeps:
            return self._poll.poll(seconds)
        if not (ready := self._poll.poll(0)):
            # The upstream's turn, which shares this core.
            os.sched_yield()
        return ready

    def _due(self, elapsed: float) -> int:
        if elapsed >= self._load.ramp_seconds:
            return self._load.streams
        return 1 + int(self._load.streams * elapsed / self._load.ramp_seconds)

    def _start(self) -> None:
        stream = Stream(socket.create_connection(("127.0.0.1", self._load.port)))
        stream.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream.sent_at = time.monotonic()
        stream.sock.sendall(self._request)
        stream.sock.setblocking(False)
        self._open[stream.sock.fileno()] = stream
        self._poll.register(stream.sock, select.EPOLLIN)

    def _read(self, stream: Stream) -> None:
        try:
            data = stream.sock.recv(65536)
        except OSError as error:
            self._end(stream, type(error).__name__)
            return
        seen = stream.tail + data
        count = seen.count(self._word)
        if count:
            if not stream.tokens:
                stream.first_at = time.monotonic()
                self._begun += 1
                if self._begun == self._load.streams:
                    self._mark("open")
            stream.tokens += count
            self.outcome.tokens += count
            if stream.tokens >= self._load.tokens - 1:
                self._mark("closing")
        # A word, or the last chunk, may be cut by the end of a read; a word must not be counted twice.
        keep = max(len(self._word), len(LAST_CHUNK)) - 1
        after = seen.rfind(self._word) + len(self._word) if count else 0
        stream.tail = seen[max(after, len(seen) - keep) :]
        if not data:
            self._end(stream, "closed early")
        elif stream.tokens >= self._load.tokens and seen.endswith(LAST_CHUNK):
            self._end(stream, None)
        elif seen.endswith(LAST_CHUNK):
            self._end(stream, f"{stream.tokens} tokens" if stream.tokens else "no answer")

    def _end(self, stream: Stream, failure: str | None) -> None:
        now = time.monotonic()
        del self._open[stream.sock.fileno()]
        stream.sock.close()
        if failure:
            self.outcome.failures[failure] = self.outcome.failures.get(failure, 0) + 1
            return
        self.outcome.first_tokens.append(stream.first_at - stream.sent_at)
        self.outcome.totals.append(now - stream.sent_at)

    def _mark(self, at: str) -> None:
        if at not in self._marked:
            self._marked.add(at)
            print_line(Mark(at, self.outcome.tokens, time.monotonic()))


def print_line(value: Mark | Outcome) -> None:
    """Write one line of JSON at once."""
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    print_line(Client(msgspec.json.decode(sys.stdin.buffer.read(), type=Load)).run())
