"""Puts a reply on the wire at its due times; the one file that names gevent.

Under gunicorn's gevent worker one timer serves all streams of the process: whatever is due goes out with one
non-blocking write a token, straight from the event loop, without waking a greenlet. A stream's own greenlet
runs only for its beginning, for a socket that is full, for a client that left, and for its last bytes. Under
any other WSGI server the body is a generator that sleeps.
"""

import heapq
import itertools
import os
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from mockllm.timing.batch import Batch
from mockllm.timing.delivery import Delivery
from mockllm.timing.lateness import LatenessBoard, LatenessSlot
from mockllm.values import Reply, Send

_TICK_SECONDS_A_STREAM = 0.00003
_MOST_TICK_SECONDS = 0.003
_POLL_SECONDS = 0.001
_PREPARED_AHEAD = 64
_SENDS_A_TURN = 256
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_READABLE = 1
_MOST_JOINED_BYTES = 16_384

_Write = tuple[float, bytes, bool]
"""One write: its due time on the monotonic clock, its bytes, and whether there is a token in them."""


class Sender:
    """Delivers the replies of one process and keeps the record of how late their tokens were."""

    def __init__(self, board: LatenessBoard, batch: Batch | None = None) -> None:
        self._board = board
        self._batch = batch
        self._lateness = board.slot(0)
        self._clockwork: _Clockwork | None = None

    def work_as(self, index: int) -> None:
        """Count in the slot of this worker, of which the first is 0."""
        self._lateness = self._board.slot(index)

    def body(
        self,
        reply: Reply,
        environ: Mapping[str, Any],
        started: float,
        on_end: Callable[[Delivery], None] = lambda _delivery: None,
    ) -> Iterator[bytes]:
        """Yield the body to the WSGI server, or write it behind its back where that is cheaper.

        Calls `on_end` once it is known what became of it.
        """
        delivery = Delivery(started)
        sock = _direct_socket(environ)
        try:
            yield from (
                self._sleeping(reply, delivery) if sock is None else self._direct(reply, delivery, sock)
            )
            _end(reply, sock)
            delivery.outcome = "complete"
        except GeneratorExit:
            delivery.outcome = "client_gone"
            raise
        except ConnectionAbortedError:
            delivery.outcome = "cut"
            # gunicorn is silent about this error number and closes the connection.
            raise ConnectionResetError(104, "cut short on purpose") from None
        except OSError:
            delivery.outcome = "client_gone"
            raise
        finally:
            on_end(delivery)

    def _sleeping(self, reply: Reply, delivery: Delivery) -> Iterator[bytes]:
        with self._seated(reply, delivery, lambda: time.sleep(_POLL_SECONDS)) as reply:
            yield from self._slept_through(reply, delivery)

    def _slept_through(self, reply: Reply, delivery: Delivery) -> Iterator[bytes]:
        _sleep_until(delivery.started + reply.head_due)
        delivery.head_sent = True
        for send in reply.sends:
            _sleep_until(delivery.started + send.due)
            yield send.data
            if send.token is not None:
                _note(delivery.started + send.due, delivery, self._lateness)
        _sleep_until(delivery.started + reply.end_due)

    def _direct(self, reply: Reply, delivery: Delivery, sock: Any) -> Iterator[bytes]:
        if self._clockwork is None:
            self._clockwork = _Clockwork()
        stream = _Stream(self._clockwork, sock, reply, delivery, self._lateness)
        with stream:
            if reply.length is None:
                yield from stream.head(reply)
            with self._seated(reply, delivery, stream.wait, stream.wake) as seated:
                if reply.length is not None:
                    yield from stream.head(seated)
                # What the batch makes of a step is known only when it comes.
                stream.run(seated, ahead=1 if self._batch else _PREPARED_AHEAD)
                stream.wait_until(delivery.started + seated.end_due)

    @contextmanager
    def _seated(
        self,
        reply: Reply,
        delivery: Delivery,
        wait: Callable[[], None],
        wake: Callable[[], None] = lambda: None,
    ) -> Iterator[Reply]:
        """Wait for a seat in the batch, if there is one, and give the reply as slow as the batch makes it."""
        if self._batch is None:
            yield reply
            return
        seat = self._batch.join(wake)
        try:
            while not seat.is_taken:
                wait()
            yield self._batch.slowed(reply, time.monotonic() - delivery.started)
        finally:
            self._batch.leave(seat)


class _Clockwork:
    """One timer and one heap of due times for all streams of a process."""

    def __init__(self) -> None:
        import gevent  # noqa: PLC0415 - only where the worker runs on it

        self.loop = gevent.get_hub().loop
        self._timer: Any = None
        self._armed_for = float("inf")
        self._heap: list[tuple[float, int, Any]] = []
        self._order = itertools.count()

    def add(self, due: float, task: Any) -> None:
        """Call `task.serve()` at the due time; it returns the time of its next turn, or None."""
        heapq.heappush(self._heap, (due, next(self._order), task))
        if due < self._armed_for:
            self._arm(due, time.monotonic())

    def turn_of_the_next(self) -> int:
        """Return a number that differs from stream to stream."""
        return next(self._order)

    def _arm(self, due: float, now: float, least: float = 0.0) -> None:
        if self._timer is not None:
            self._timer.close()
        self._armed_for = due
        self._timer = self.loop.timer(max(due - now, least))
        # The loop's own idea of the time may be old when much was done since it last looked.
        self._timer.start(self._turn, update=True)

    def _turn(self) -> None:
        heap = self._heap
        now = time.monotonic()
        for _ in range(_SENDS_A_TURN):
            if not heap or heap[0][0] > now:
                break
            _, order, task = heap[0]
            following = task.serve()
            if following is None:
                heapq.heappop(heap)
            else:
                heapq.heapreplace(heap, (following, order, task))
        if heap:
            # At least a tick between turns: tokens due within it share one wake-up, at most a tick late. With
            # more streams it is longer: at a hundred, 3 ms cost a quarter less than 1 ms.
            tick = min(_TICK_SECONDS_A_STREAM * len(heap), _MOST_TICK_SECONDS)
            self._arm(heap[0][0], now, tick if heap[0][0] > now else 0.0)
        else:
            self._armed_for = float("inf")


class _Wake:
    """A turn of the clockwork that only wakes the stream's greenlet."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    def serve(self) -> None:
        self._wake()


class _Stream:
    """One reply on its way out: what the loop sends, and when its greenlet must act."""

    def __init__(
        self, clockwork: _Clockwork, sock: Any, reply: Reply, delivery: Delivery, lateness: LatenessSlot
    ) -> None:
        from gevent.event import Event  # noqa: PLC0415 - only where the worker runs on it

        self._clockwork = clockwork
        self._sock = sock
        self._fd: int = sock.fileno()
        self._delivery = delivery
        self._lateness = lateness
        self._chunked = reply.length is None
        self._ends_at_once = reply.ending == "complete" and self._chunked
        self._end_due = 0.0
        self._pending: Iterator[_Write] = iter(())
        self._current: _Write | None = None
        self._following: _Write | None = None
        self._unsent = b""
        self._closed = False
        self._readable = False
        self._event = Event()
        self._watcher = clockwork.loop.io(self._fd, _READABLE)

    def __enter__(self) -> "_Stream":
        self._watcher.start(self._on_readable)
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        # Its turn may be an hour away, and the clockwork keeps it until then: as little as can be.
        self._pending, self._current, self._following = iter(()), None, None
        self._watcher.stop()
        self._watcher.close()

    def head(self, reply: Reply) -> Iterator[bytes]:
        """Let the WSGI server write the head when it is due."""
        self.wait_until(self._delivery.started + reply.head_due)
        # An empty piece makes gunicorn write the head and nothing else.
        yield b""
        self._delivery.head_sent = True

    def wait_until(self, due: float) -> None:
        """Wait in this greenlet, but not for a client that has left."""
        while time.monotonic() < due:
            self._clockwork.add(due, _Wake(self.wake))
            self.wait()

    def run(self, reply: Reply, ahead: int) -> None:
        """Send all there is, prepared so many writes ahead; returns when the kernel has the last byte."""
        self._end_due = self._delivery.started + reply.end_due
        writes = _writes(reply.sends, self._delivery.started, self._chunked)
        self._pending = _in_blocks(writes, ahead, self._clockwork.turn_of_the_next() % ahead + 1)
        self._current = next(self._pending, None)
        self._following = next(self._pending, None)
        while self._current is not None:
            if self._following is not None:
                self._clockwork.add(self._current[0], self)
                self._wait_for_turn()
            else:
                self.wait_until(self._current[0])
                self._send_last(self._current)

    def serve(self) -> float | None:
        """Send what is due, from the event loop; hand over to the greenlet if that would block."""
        if self._closed or self._current is None:
            return None
        due, data, has_token = self._current
        try:
            sent = os.write(self._fd, data)
        except OSError:
            # Full, or broken: the greenlet meets the same when it writes, where it can wait or raise.
            sent = 0
        if has_token:
            _note(due, self._delivery, self._lateness)
        self._current = following = self._following
        self._following = next(self._pending, None)
        if sent < len(data):
            self._unsent = data[sent:]
        elif self._following is not None and following is not None:
            return following[0]
        self._event.set()
        return None

    def _wait_for_turn(self) -> None:
        self.wait()
        while not self._unsent and self._following is not None:
            self.wait()
        if self._unsent:
            self._sock.sendall(self._unsent)
            self._unsent = b""

    def _send_last(self, write: "_Write") -> None:
        due, data, has_token = write
        # Held back by the kernel for the chunk that ends the body, which gunicorn writes next: some clients
        # stop reading at [DONE], and reuse the connection only if the end has come with it.
        hold = self._ends_at_once and self._end_due <= time.monotonic()
        self._sock.sendall(data, socket.MSG_MORE if hold else 0)
        if has_token:
            _note(due, self._delivery, self._lateness)
        self._current = None

    def wake(self) -> None:
        self._event.set()

    def wait(self) -> None:
        """Wait to be woken. Raises ConnectionResetError if the client has left."""
        self._event.wait()
        self._event.clear()
        if self._readable:
            self._readable = False
            if not self._sock.recv(1, socket.MSG_PEEK):
                raise ConnectionResetError(104, "the client left")
            # A pipelining client's next request: it waits its turn, and hides whether the client is there.

    def _on_readable(self) -> None:
        self._watcher.stop()
        self._readable = True
        self._event.set()


def _note(due: float, delivery: Delivery, lateness: LatenessSlot) -> None:
    now = time.monotonic()
    lateness.record(now - due, now)
    delivery.due_times.append(due)
    delivery.token_times.append(now)


def _writes(sends: Iterable[Send], started: float, chunked: bool) -> Iterator[_Write]:
    """Join neighbours of the very same due time, and frame them for the wire."""
    pieces: list[bytes] = []
    size, joined_due, has_token = 0, 0.0, False
    for due, data, token in sends:
        if pieces and (due != joined_due or size >= _MOST_JOINED_BYTES):
            yield started + joined_due, _framed(pieces, size, chunked), has_token
            pieces, size, has_token = [], 0, False
        joined_due = due
        pieces.append(data)
        size += len(data)
        has_token = has_token or token is not None
    if pieces:
        yield started + joined_due, _framed(pieces, size, chunked), has_token


def _in_blocks(writes: Iterator[_Write], size: int, first: int) -> Iterator[_Write]:
    """Make so many at a time: one by one, each would find cold caches, which is a quarter of its cost.

    The first block has a size of its own: streams that begin together would otherwise all make theirs in the
    same moment, and the tokens due then would wait for a hundred blocks.
    """
    yield from itertools.islice(writes, first)
    while block := list(itertools.islice(writes, size)):
        yield from block


def _framed(pieces: list[bytes], size: int, chunked: bool) -> bytes:
    data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    return b"%X\r\n%b\r\n" % (size, data) if chunked else data


def _direct_socket(environ: Mapping[str, Any]) -> Any:
    """Return the client's socket if it is one that may be written to directly: plain HTTP/1.1 on gevent."""
    gevent_socket = sys.modules.get("gevent.socket")
    sock = environ.get("gunicorn.socket")
    if (
        gevent_socket is None
        or environ.get("SERVER_PROTOCOL") != "HTTP/1.1"
        or environ.get("REQUEST_METHOD") == "HEAD"
    ):
        return None
    return sock if type(sock) is gevent_socket.socket else None


def _end(reply: Reply, sock: Any) -> None:
    if reply.ending == "complete":
        return
    if reply.ending == "reset" and sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    raise ConnectionAbortedError


def _sleep_until(moment: float) -> None:
    while (left := moment - time.monotonic()) > 0:
        time.sleep(min(left, 3600))
