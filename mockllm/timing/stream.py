"""One reply on its way out under gevent: what the loop writes, and when its greenlet must act."""

import os
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from gevent.event import Event

from mockllm.timing.clockwork import Clockwork
from mockllm.timing.delivery import Record
from mockllm.timing.writes import Write, in_blocks, writes_of
from mockllm.values import Reply

_READABLE = 1
# Linux holds these bytes back for those that follow; elsewhere they leave by themselves.
_MORE = getattr(socket, "MSG_MORE", 0)


class _Wake:
    """A turn of the clockwork that only wakes the stream's greenlet."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    def serve(self) -> None:
        self._wake()

    def fail(self, error: Exception) -> None:
        raise error


class Stream:
    """Writes of one reply, in a queue of which the first is due next.

    The loop sends all but the last; the greenlet runs for a socket that is full, for a client that left, for
    an error, and for the last.
    """

    def __init__(self, clockwork: Clockwork, sock: Any, reply: Reply, record: Record) -> None:
        self._clockwork = clockwork
        self._sock = sock
        self._fd: int = sock.fileno()
        self._record = record
        self._chunked = reply.length is None
        self._ends_at_once = reply.ending == "complete" and self._chunked
        self._end_due = 0.0
        self._blocks: Iterator[list[Write]] = iter(())
        self._queue: deque[Write] = deque()
        self._is_full = False
        self._closed = False
        self._readable = False
        self._error: Exception | None = None
        self._event = Event()
        self._watcher = clockwork.loop.io(self._fd, _READABLE)

    def __enter__(self) -> "Stream":
        self._watcher.start(self._on_readable)
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        # Its turn may be an hour away, and the clockwork keeps it until then: as little as can be.
        self._blocks = iter(())
        self._queue.clear()
        self._watcher.stop()
        self._watcher.close()

    def head(self, reply: Reply) -> Iterator[bytes]:
        """Let the WSGI server write the head when it is due."""
        self.wait_until(self._record.started + reply.head_due)
        # An empty piece makes gunicorn write the head and nothing else.
        yield b""
        self._record.delivery.head_sent = True

    def wait_until(self, due: float) -> None:
        """Wait in this greenlet, but not for a client that has left."""
        while time.monotonic() < due:
            self._clockwork.add(due, _Wake(self.wake))
            self.wait()

    def run(self, reply: Reply, ahead: int) -> None:
        """Send all there is, prepared so many writes ahead; returns when the kernel has the last byte."""
        self._end_due = self._record.started + reply.end_due
        writes = writes_of(reply.sends, self._record.started, chunked=self._chunked)
        self._blocks = in_blocks(writes, ahead, self._clockwork.turn_of_the_next() % ahead + 1)
        self._prepare()
        while self._queue:
            if len(self._queue) > 1:
                self._clockwork.add(self._queue[0][0], self)
                self._wait_for_turn()
            else:
                self.wait_until(self._queue[0][0])
                self._send_last()

    def serve(self) -> float | None:
        """Send what is due, from the event loop; hand over to the greenlet if that would block."""
        queue = self._queue
        if self._closed or not queue:
            return None
        due, data, tokens = queue[0]
        try:
            sent = os.write(self._fd, data)
        except OSError:
            # Full, or broken: the greenlet meets the same when it writes, where it can wait or raise.
            sent = 0
        if sent == len(data):
            self._record.sent(due, tokens)
            queue.popleft()
            if len(queue) > 1 or self._prepare():
                return queue[0][0]
        else:
            self._is_full = True
            queue[0] = due, data[sent:], tokens
            self._record.offered(due, time.monotonic())
        self._event.set()
        return None

    def fail(self, error: Exception) -> None:
        """Let the greenlet raise what the loop met."""
        self._error = error
        self._event.set()

    def _prepare(self) -> bool:
        """Fill the queue so far that it shows whether its first is the last of all; says if it is not."""
        while len(self._queue) < 2 and (block := next(self._blocks, None)):
            self._queue += block
        return len(self._queue) > 1

    def _wait_for_turn(self) -> None:
        self.wait()
        while not self._is_full and len(self._queue) > 1:
            self.wait()
        if self._is_full:
            due, data, tokens = self._queue.popleft()
            self._sock.sendall(data)
            self._record.sent_at_last(due, tokens)
            self._is_full = False
            self._prepare()

    def _send_last(self) -> None:
        due, data, tokens = self._queue.popleft()
        # Held back by the kernel for the chunk that ends the body, which gunicorn writes next: some clients
        # stop reading at [DONE], and reuse the connection only if the end has come with it.
        now = time.monotonic()
        hold = self._ends_at_once and self._end_due <= now
        self._record.offered(due, now)
        self._sock.sendall(data, _MORE if hold else 0)
        self._record.sent_at_last(due, tokens)

    def wake(self) -> None:
        self._event.set()

    def wait(self) -> None:
        """Wait to be woken. Raises ConnectionResetError if the client has left, and what the loop met."""
        self._event.wait()
        self._event.clear()
        if self._error is not None:
            raise self._error
        if self._readable:
            self._readable = False
            if not self._sock.recv(1, socket.MSG_PEEK):
                raise ConnectionResetError(104, "the client left")
            # A pipelining client's next request: it waits its turn, and hides whether the client is there.

    def _on_readable(self) -> None:
        self._watcher.stop()
        self._readable = True
        self._event.set()
