"""A model of a loaded accelerator: so many sequences decode at once, others queue, and each slows the rest.

It makes the time of an answer depend on what else the server does at that moment, so it is off by default.
Every worker is an accelerator of its own.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from mockllm.values import Reply, Send


@dataclass(slots=True, eq=False)
class Seat:
    """One sequence's place in the batch, or in the queue before it."""

    wake: Callable[[], None]
    is_taken: bool = False


class Batch:
    """Gives seats in the order of arrival."""

    def __init__(self, size: int, slowdown: float) -> None:
        self._size = size
        self._slowdown = slowdown
        self._running = 0
        self._queue: deque[Seat] = deque()

    def join(self, wake: Callable[[], None]) -> Seat:
        """Ask for a seat; `wake` is called when it is there, which may be at once."""
        seat = Seat(wake)
        self._queue.append(seat)
        self._fill()
        return seat

    def leave(self, seat: Seat) -> None:
        """Give the seat, or the place in the queue, to the next."""
        if seat.is_taken:
            seat.is_taken = False
            self._running -= 1
            self._fill()
        elif seat in self._queue:
            self._queue.remove(seat)

    @property
    def factor(self) -> float:
        """How many times longer each step takes: from 1 for one sequence to the slowdown for a full batch."""
        if self._size < 2:
            return 1.0
        return 1 + (self._slowdown - 1) * max(self._running - 1, 0) / (self._size - 1)

    def slowed(self, reply: Reply, waited: float) -> Reply:
        """Put off a reply that has waited for its seat, each step by the factor when it is planned."""
        factor = self.factor
        return replace(
            reply,
            sends=self._slowed(reply.sends, waited),
            head_due=waited + reply.head_due * factor if reply.length is not None else reply.head_due,
            end_due=waited + reply.end_due * factor if reply.end_due else 0.0,
        )

    def _slowed(self, sends: Iterable[Send], waited: float) -> Iterator[Send]:
        planned, due = 0.0, waited
        for send in sends:
            if send.due > planned:
                due += (send.due - planned) * self.factor
                planned = send.due
            yield send._replace(due=due)

    def _fill(self) -> None:
        while self._queue and self._running < self._size:
            seat = self._queue.popleft()
            seat.is_taken = True
            self._running += 1
            seat.wake()
