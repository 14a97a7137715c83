"""Opens many streams at once and notes when their tokens come: `python -m loadtests.rig.counting`.

A process of its own, one loop, that looks for one word in the bytes and parses nothing: it must cost less
than what it measures, and says what it cost. Reads a Load as JSON from stdin; writes a JSON line a mark, and
the Outcome last.
"""

from __future__ import annotations

import bisect
import contextlib
import os
import selectors
import signal
import socket
import sys
import time
from dataclasses import dataclass
from typing import Literal

import msgspec

from loadtests.rig.counting.load import ANSWER_END, Answer, Load, Mark, Outcome
from loadtests.rig.ports import HOST


@dataclass(eq=False)
class Stream:
    """One request under way."""

    sock: socket.socket
    due_at: float
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
        self._selector = selectors.DefaultSelector()
        self._open: set[Stream] = set()
        self._begun = 0
        self._marked: set[str] = set()
        self._started = 0.0
        self.outcome = Outcome()

    def run(self) -> Outcome:
        started = self._started = time.monotonic()
        until = started + self._load.ramp_seconds + self._load.expected_seconds + self._load.patience_seconds
        opened, busy = 0, 0.0
        while (now := time.monotonic()) < until and (opened < self._load.streams or self._open):
            due = self._due(now - started)
            while opened < due:
                self._start(self._due_at(opened))
                opened += 1
            busy += time.monotonic() - now
            ready = self._wait(0.001 if opened < self._load.streams else 0.2)
            now = time.monotonic()
            for key, events in ready:
                if events & selectors.EVENT_READ:
                    self._read(key.data)
                else:
                    self._send(key.data)
            busy += time.monotonic() - now
        for stream in list(self._open):
            self._end(stream, "did not end in time")
        self.outcome.busy_share = busy / (time.monotonic() - started)
        return self.outcome

    def _wait(self, seconds: float) -> list[tuple[selectors.SelectorKey, int]]:
        if self._load.client == "asleep":
            return self._selector.select(seconds)
        if not (ready := self._selector.select(0)):
            # The upstream's turn, which shares this core.
            _let_others_run()
        return ready

    def _due_at(self, number: int) -> float:
        load = self._load
        return load.arrivals[number] if load.arrivals else load.ramp_seconds * number / load.streams

    def _due(self, elapsed: float) -> int:
        if self._load.arrivals:
            return bisect.bisect_right(self._load.arrivals, elapsed)
        if elapsed >= self._load.ramp_seconds:
            return self._load.streams
        return 1 + int(self._load.streams * elapsed / self._load.ramp_seconds)

    def _start(self, due_at: float) -> None:
        stream = Stream(socket.socket(), due_at)
        # A server whose line is full lets a connection wait, and no other stream shall wait with it.
        stream.sock.setblocking(False)
        stream.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open.add(stream)
        self._selector.register(stream.sock, selectors.EVENT_WRITE, stream)
        try:
            with contextlib.suppress(BlockingIOError):
                stream.sock.connect((HOST, self._load.port))
        except OSError as error:
            self._end(stream, type(error).__name__)
        else:
            self._send(stream)

    def _send(self, stream: Stream) -> None:
        """Send the request, if the connection has come about."""
        sent_at = time.monotonic()
        try:
            stream.sock.sendall(self._request)
        except BlockingIOError:
            return
        except OSError as error:
            self._end(stream, type(error).__name__)
            return
        stream.sent_at = sent_at
        self._selector.modify(stream.sock, selectors.EVENT_READ, stream)

    def _read(self, stream: Stream) -> None:
        try:
            data = stream.sock.recv(65536)
        except OSError as error:
            self._end(stream, type(error).__name__)
            return
        seen = stream.tail + data
        count = seen.count(self._word)
        if count:
            self._count(stream, count)
        # A word, or the last chunk, may be cut by the end of a read; a word must not be counted twice.
        keep = max(len(self._word), len(ANSWER_END)) - 1
        after = seen.rfind(self._word) + len(self._word) if count else 0
        stream.tail = seen[max(after, len(seen) - keep) :]
        if not data:
            self._end(stream, "closed early")
        elif seen.endswith(ANSWER_END):
            is_whole = stream.tokens >= self._load.tokens
            self._end(
                stream, None if is_whole else f"{stream.tokens} tokens" if stream.tokens else "no answer"
            )

    def _count(self, stream: Stream, tokens: int) -> None:
        if not stream.tokens:
            stream.first_at = time.monotonic()
            self._begun += 1
        stream.tokens += tokens
        self.outcome.tokens += tokens
        self.outcome.reads += 1
        if self._begun == self._load.streams:
            self._mark("open")
        if stream.tokens >= self._load.tokens - 1:
            self._mark("closing")

    def _end(self, stream: Stream, failure: str | None) -> None:
        now = time.monotonic()
        self._open.remove(stream)
        self._selector.unregister(stream.sock)
        stream.sock.close()
        if failure:
            self._mark("closing")
            self.outcome.failures[failure] = self.outcome.failures.get(failure, 0) + 1
            return
        self.outcome.answers.append(
            Answer(
                due=stream.due_at,
                sent=stream.sent_at - self._started,
                first=stream.first_at - stream.sent_at,
                total=now - stream.sent_at,
            )
        )

    def _mark(self, at: Literal["open", "closing"]) -> None:
        if at not in self._marked:
            self._marked.add(at)
            print_line(Mark(at, self.outcome.tokens, time.monotonic()))


def _let_others_run() -> None:
    if hasattr(os, "sched_yield"):
        os.sched_yield()
    else:
        time.sleep(0)


def print_line(value: Mark | Outcome) -> None:
    """Write one line of JSON at once."""
    sys.stdout.buffer.write(msgspec.json.encode(value) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    # Ctrl-C is for who runs it, and ends it as well.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    print_line(Client(msgspec.json.decode(sys.stdin.buffer.read(), type=Load)).run())
