"""Run a call that blocks beside the stream that waits for it, which goes on sending heartbeats."""

from __future__ import annotations

import threading
from collections.abc import Callable
from operator import methodcaller
from typing import Generic, TypeVar

import gevent
from gevent import monkey

from webapp.upstream.transport.body import Body, PendingBody

T = TypeVar("T")


class Task(Generic[T]):
    """A call under way: a greenlet in a process that gevent has patched, else a thread.

    A greenlet can be cancelled wherever it waits. A thread cannot: its result, when it comes, goes to
    `discard`.
    """

    def __init__(self, call: Callable[[], T], discard: Callable[[T], None]) -> None:
        self._call = call
        self._discard = discard
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._cancelled = False
        self._result: T | None = None
        self._error: Exception | None = None
        self._greenlet: gevent.Greenlet[[], None] | None = None
        if on_gevent():
            self._greenlet = gevent.spawn(self._run)
        else:
            threading.Thread(target=self._run, name="upstream", daemon=True).start()

    def result(self, timeout: float) -> T | None:
        """Wait up to `timeout` seconds for what the call returns; None if it is not through.

        Raises what the call raised, once.
        """
        if not self._ended.wait(timeout):
            return None
        error, self._error = self._error, None
        try:
            if error is not None:
                raise error
        finally:
            # With the frames that it passes, an error that is kept would wait for the garbage collector.
            del error
        return self._result

    def cancel(self) -> T | None:
        """Stop the call, or at least care for what it returns; returns what it has returned if it is through.

        It waits for nothing. Called from gevent's loop, it has stopped the call when it returns.
        """
        with self._lock:
            self._cancelled = not self._ended.is_set()
        # Let go of: a greenlet keeps what has killed it, and that the frames that it passed.
        greenlet, self._greenlet = self._greenlet, None
        if self._cancelled and greenlet is not None:
            if gevent.getcurrent() is gevent.get_hub():
                greenlet.throw(gevent.GreenletExit)
            else:
                greenlet.kill(block=False)
        return None if self._cancelled else self._result

    def _run(self) -> None:
        try:
            result = self._call()
        except Exception as error:  # noqa: BLE001  # carried to the stream that waits, and raised there
            self._error = error
            self._ended.set()
            return
        with self._lock:
            if not self._cancelled:
                self._result = result
                self._ended.set()
                return
        self._discard(result)


def on_gevent() -> bool:
    """Whether gevent has patched this process, so that what waits here makes room for other greenlets."""
    return monkey.is_module_patched("threading")


def opened_beside(open_body: Callable[[], Body]) -> PendingBody:
    """Begin to open a body in a greenlet or a thread of its own."""
    return Task(open_body, discard=methodcaller("close"))
