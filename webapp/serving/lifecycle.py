"""Who ends an answer early: a client by leaving, a client by not reading, or this process by shutting down.

An answer's greenlet waits either for the model or for its client to take bytes. Only the first wait may be
broken by an `Interrupted`, which ends the answer with a last word; a write may only be given up whole, with
its connection. Where gevent has not patched the process nothing here can break a wait: there an answer looks
at `interruption` between two waits, and a client that left is noticed at a write.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import gevent
from gevent import monkey

from webapp.chat import Interrupted, NotReadyError
from webapp.serving.clients import send_queue
from webapp.serving.clients.gone import ClientGone
from webapp.serving.clients.watch import CHUNKED_PROBE, INTERIM_PROBE, NO_PROBE, ClientWatch, watchable_socket

SHUTTING_DOWN = "This process is shutting down; another one answers."
POLL_SECONDS = 1.0
"""How often an answer looks at `interruption` where its wait cannot be broken."""


class LastBytes(bytes):
    """The last part of a body: a server that frames bodies may send its own end along."""


class OpenAnswer:
    """One answer on its way to its client."""

    def __init__(self, sock: Any, *, has_chunks: bool = True, ends_with: Any = None) -> None:
        self.begun = False
        """Whether the head of the response has left, or leaves with the write that is under way."""
        self.sending = False
        """Whether its greenlet is in a write, not in a wait for the model."""
        self.interruption: str | None = None
        """Why the answer must end as soon as it can, or None."""
        self.close_upstream: Callable[[], None] | None = None
        """Closes what the answer comes from, without a wait."""
        self.last: type[bytes] = bytes if sock is None else LastBytes
        """What the last part of the body is. A server that is not gunicorn may take nothing but `bytes`."""
        self._sock = sock
        self._ends_with = ends_with
        self._has_chunks = has_chunks
        self._greenlet = gevent.getcurrent() if sock is not None else None

    def interrupt(self, reason: str) -> None:
        """End the answer with `interrupted` and this reason, at once if it waits for the model."""
        self.interruption = self.interruption or reason
        if self._greenlet is not None and not self.sending:
            self._greenlet.throw(Interrupted(reason))

    def leave(self) -> None:
        """Give the answer up: its client has left.

        The upstream is closed at once, the rest is put off: of many who leave together, none shall pay for
        the time that it takes to clean up after the others.
        """
        if self._greenlet is not None:
            # First, so that it comes before what the closing wakes.
            gevent.get_hub().loop.run_callback(self._give_up, ClientGone())
            if self.close_upstream is not None:
                self.close_upstream()

    def break_off(self) -> None:
        """Have the connection end in a way that tells its reader that the body is not whole.

        With chunks the missing last one does. In HTTP/1.0 the end of the connection is the end of the body,
        unless it is a reset (RFC 9112, 6.3 and 9.8).
        """
        if self._ends_with is not None:
            send_queue.reset_when_closed(self._ends_with)

    def end(self) -> None:
        """Say that the answer has ended, however it did: nothing more is to be thrown into it."""
        self._greenlet = None

    def probe(self) -> bytes | None:
        """As ClientWatch has it: bytes that may be sent right now without changing what the client reads."""
        if self.sending:
            return None
        if not self._has_chunks:
            return NO_PROBE
        return CHUNKED_PROBE if self.begun else INTERIM_PROBE

    def _give_up(self, why: ClientGone) -> None:
        if self._greenlet is not None:
            self._greenlet.throw(why)


class OpenAnswers:
    """All answers that this process is writing."""

    def __init__(self) -> None:
        self.draining = False
        """Whether the process is on its way out."""
        self._answers: set[OpenAnswer] = set()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._answers)

    @contextmanager
    def open(self, environ: Mapping[str, Any]) -> Iterator[OpenAnswer]:
        """Register an answer for as long as it is written, and watch its client where that is possible.

        Raises NotReadyError.
        """
        sock = watchable_socket(environ)
        protocol = environ.get("SERVER_PROTOCOL")
        connection = environ.get("gunicorn.socket") if protocol == "HTTP/1.0" else None
        answer = OpenAnswer(sock, has_chunks=protocol == "HTTP/1.1", ends_with=connection)
        with self._lock:
            # Asked once more: a body may come slowly, and what is added later nobody would interrupt.
            self.refuse_if_draining()
            self._answers.add(answer)
        watch = None
        try:
            if sock is not None:
                watch = ClientWatch(sock, answer.leave, answer.probe)
            yield answer
        finally:
            answer.end()
            with self._lock:
                self._answers.discard(answer)
            if watch is not None:
                watch.stop()

    def drain(self) -> None:
        """Take no new answer from here on."""
        with self._lock:
            self.draining = True

    def refuse_if_draining(self) -> None:
        """Raise NotReadyError if the process takes no new answer."""
        if self.draining:
            raise NotReadyError("shutting_down", SHUTTING_DOWN, retry_after_seconds=1)

    def interrupt(self, reason: str) -> None:
        """Interrupt every answer."""
        for answer in self._snapshot():
            _in_loop(answer.interrupt, reason)

    def _snapshot(self) -> list[OpenAnswer]:
        with self._lock:
            return list(self._answers)


def waits_can_be_broken() -> bool:
    """Whether answers are written by greenlets, which can be thrown into where they wait."""
    return monkey.is_module_patched("threading")


def _in_loop(call: Callable[..., None], *args: Any) -> None:
    """Call from the loop, where no greenlet runs and all of them can be thrown into."""
    if waits_can_be_broken():
        gevent.get_hub().loop.run_callback(call, *args)
    else:
        call(*args)
