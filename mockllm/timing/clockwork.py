"""One timer and one heap of due times for all streams of a process, on gevent's loop."""

import heapq
import itertools
import time
from typing import Any, Protocol

import gevent

_TICK_SECONDS_A_STREAM = 0.00003
_MOST_TICK_SECONDS = 0.003
_SENDS_A_TURN = 256


class Task(Protocol):
    """What has something to do at a due time."""

    def serve(self) -> float | None:
        """Do it; return the time of the next turn, or None."""

    def fail(self, error: Exception) -> None:
        """Take what `serve` raised: it has no caller who could."""


class Clockwork:
    """Serves tasks at their due times, straight from the event loop."""

    def __init__(self) -> None:
        self.loop: Any = gevent.get_hub().loop
        self._timer: Any = None
        self._armed_for = float("inf")
        self._heap: list[tuple[float, int, Task]] = []
        self._order = itertools.count()

    def add(self, due: float, task: Task) -> None:
        heapq.heappush(self._heap, (due, next(self._order), task))
        if due < self._armed_for:
            self._arm(due, time.monotonic())

    def catch_up(self) -> None:
        """Serve what is due, in the midst of other work.

        Requests that come together are worked off one after another before the loop looks at its timer.
        """
        if self._armed_for <= time.monotonic():
            self._turn()

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
        now = time.monotonic()
        try:
            self._serve_due(now)
        finally:
            self._arm_again(now)

    def _serve_due(self, now: float) -> None:
        heap = self._heap
        for _ in range(_SENDS_A_TURN):
            if not heap or heap[0][0] > now:
                break
            _, order, task = heap[0]
            try:
                following = task.serve()
            except Exception as error:  # noqa: BLE001 - one stream's error must not end the turns of all others
                heapq.heappop(heap)
                task.fail(error)
                continue
            if following is None:
                heapq.heappop(heap)
            else:
                heapq.heapreplace(heap, (following, order, task))

    def _arm_again(self, now: float) -> None:
        heap = self._heap
        if heap:
            # At least a tick between turns: tokens due within it share one wake-up, at most a tick late. With
            # more streams it is longer: at a hundred, 3 ms cost a quarter less than 1 ms.
            tick = min(_TICK_SECONDS_A_STREAM * len(heap), _MOST_TICK_SECONDS)
            self._arm(heap[0][0], now, tick if heap[0][0] > now else 0.0)
        else:
            self._armed_for = float("inf")
