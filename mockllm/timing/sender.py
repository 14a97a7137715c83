"""Puts a reply on the wire at its due times, however the server that runs it can.

Under gunicorn's gevent worker one timer serves all streams of the process: whatever is due goes out with one
non-blocking write a token, straight from the event loop, without waking a greenlet. Under any other WSGI
server the body is a generator that sleeps.
"""

import inspect
import socket
import struct
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mockllm.timing.batch import Batch
from mockllm.timing.delivery import Delivery, Outcome, Record
from mockllm.timing.lateness import LatenessBoard
from mockllm.values import Reply

if TYPE_CHECKING:
    from mockllm.timing.clockwork import Clockwork

_POLL_SECONDS = 0.001
_PREPARED_AHEAD = 64
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_WITHOUT_BODY = (204, 304)


class Body:
    """What WSGI iterates over once, or closes without it, as Werkzeug does where there can be no body."""

    def __init__(
        self,
        parts: Generator[bytes],
        delivery: Delivery,
        on_end: Callable[[Delivery], None],
        if_unread: Outcome,
    ) -> None:
        self._parts = parts
        self._delivery = delivery
        self._on_end = on_end
        self._if_unread = if_unread

    def __iter__(self) -> Iterator[bytes]:
        # Themselves: a token costs no call of this object.
        return self._parts

    def close(self) -> None:
        """End what has not ended yet."""
        if inspect.getgeneratorstate(self._parts) == inspect.GEN_CREATED:
            self._delivery.outcome = self._if_unread
            self._on_end(self._delivery)
        self._parts.close()


class Sender:
    """Delivers the replies of one process and keeps the record of how late their tokens were."""

    def __init__(self, board: LatenessBoard, batch: Batch | None = None) -> None:
        self._board = board
        self._batch = batch
        self._lateness = board.slot(0)
        self._clockwork: Clockwork | None = None

    def work_as(self, index: int) -> None:
        """Count in the slot of this worker, of which the first is 0."""
        self._lateness = self._board.slot(index)

    def catch_up(self) -> None:
        """Send what is due of other replies before a request is worked on, which takes a millisecond."""
        if self._clockwork is not None:
            self._clockwork.catch_up()

    def body(
        self,
        reply: Reply,
        environ: Mapping[str, Any],
        started: float,
        on_end: Callable[[Delivery], None] = lambda _delivery: None,
    ) -> "Body":
        """Return what yields the body to the WSGI server, or writes it behind its back where that is cheaper.

        Calls `on_end` once it is known what became of it.
        """
        delivery = Delivery(started)
        parts = self._parts(reply, _direct_socket(environ), delivery, on_end)
        is_bare = reply.status in _WITHOUT_BODY or environ.get("REQUEST_METHOD") == "HEAD"
        return Body(parts, delivery, on_end, "complete" if is_bare else "client_gone")

    def _parts(
        self, reply: Reply, sock: Any, delivery: Delivery, on_end: Callable[[Delivery], None]
    ) -> Generator[bytes]:
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
        except Exception:
            delivery.outcome = "cut"
            raise
        finally:
            on_end(delivery)

    def _sleeping(self, reply: Reply, delivery: Delivery) -> Iterator[bytes]:
        with self._seated(reply, delivery, lambda: time.sleep(_POLL_SECONDS)) as reply:
            yield from self._slept_through(reply, delivery)

    def _slept_through(self, reply: Reply, delivery: Delivery) -> Iterator[bytes]:
        record = Record(delivery, self._lateness)
        _sleep_until(delivery.started + reply.head_due)
        delivery.head_sent = True
        for send in reply.sends:
            due = delivery.started + send.due
            _sleep_until(due)
            record.offered(due, time.monotonic())
            yield send.data
            record.sent_at_last(due, int(send.token is not None))
        _sleep_until(delivery.started + reply.end_due)

    def _direct(self, reply: Reply, delivery: Delivery, sock: Any) -> Iterator[bytes]:
        # Only where the worker runs on gevent.
        from mockllm.timing.clockwork import Clockwork  # noqa: PLC0415
        from mockllm.timing.stream import Stream  # noqa: PLC0415

        if self._clockwork is None:
            self._clockwork = Clockwork()
        self._clockwork.catch_up()
        with Stream(self._clockwork, sock, reply, Record(delivery, self._lateness)) as stream:
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
