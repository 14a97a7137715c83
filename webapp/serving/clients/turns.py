"""Whose turn it is among clients that would never make the worker wait: source by source, newcomers first."""

from __future__ import annotations

import socket
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Any

import gevent
from gevent.hub import Waiter

TURN_SECONDS = 0.002
"""For how long turns are given before it is looked at the sockets again; a longer one is the last."""
SETBACK = 16
"""Behind how many who come later each turn puts a client that has had it."""
MOST_SETBACKS = 64
MOST_IN_LINE = 3_000
"""How many of one source may wait to be let in: what comes faster than it is served is refused."""

Source = bytes | str
_Queue = list[tuple[int, int, Callable[[], object]]]


class Turns:
    """Greenlets that have work to do without a wait: between any two of them it is looked at the sockets.

    sleep(0) does not do it: gevent runs a thousand of those before it looks at a socket again; nor does
    idle(), which lets all go at once who wait for it. Sources have their turns one after the other, however
    many wait there. In each who has had fewer turns since its client was last waited for goes first: a
    newcomer does not stand behind those who never wait, nor these behind newcomers without an end.
    """

    def __init__(self) -> None:
        self._waiting: OrderedDict[Source, _Queue] = OrderedDict()
        self._arrivals = count()
        self._idle: Any = None

    def __bool__(self) -> bool:
        """Whether anybody waits for a turn."""
        return bool(self._waiting)

    def wait(self, source: Source = "", had: int = 0) -> None:
        """Return when it is the turn of one from there that has had so many."""
        waiter: Any = Waiter(gevent.get_hub())
        self.give(partial(waiter.switch, None), source, had)
        waiter.get()

    def give(self, call: Callable[[], object], source: Source = "", had: int = 0) -> None:
        """Have it called, from the loop, when it is the turn of one from there that has had so many."""
        arrival = next(self._arrivals)
        place = arrival + SETBACK * min(had, MOST_SETBACKS)
        heappush(self._waiting.setdefault(source, []), (place, arrival, call))
        if self._idle is None:
            self._idle = gevent.get_hub().loop.idle()
            # Before what is really idle.
            self._idle.priority = 2
        if not self._idle.active:
            self._idle.start(self._go)

    def _go(self) -> None:
        until = time.monotonic() + TURN_SECONDS
        while self._waiting:
            self._next()()
            if time.monotonic() >= until:
                return
        self._idle.stop()

    def _next(self) -> Callable[[], object]:
        source, queue = self._waiting.popitem(last=False)
        _, _, call = heappop(queue)
        if queue:
            self._waiting[source] = queue
        return call


class Door:
    """Who has come and is not yet let in: one line a source, and at each of its turns one is let in.

    Who waits here is a file and an address. Let in, it is a greenlet and a parser, 13 KB, and many of them
    are a long pass of the garbage collector, for which all streams wait.
    """

    def __init__(self, turns: Turns, let_in: Callable[[Any], object]) -> None:
        self._turns = turns
        self._let_in = let_in
        self._lines: dict[Source, deque[Any]] = {}
        self._length = 0

    def __len__(self) -> int:
        """How many wait here."""
        return self._length

    def come(self, source: Source, who: Any, *, at_once: bool = True) -> bool:
        """Let in whoever comes, `at_once` if nobody waits; returns False if too many wait before."""
        line = self._lines.get(source)
        if line is None:
            if at_once and not self._turns:
                self._let_in(who)
                return True
            line = self._lines[source] = deque()
            self._turns.give(partial(self._next_of, source), source)
        if len(line) >= MOST_IN_LINE:
            return False
        line.append(who)
        self._length += 1
        return True

    def let_all_in(self) -> None:
        """Let in all who wait."""
        for line in self._lines.values():
            while line:
                self._let_in_first_of(line)

    def _next_of(self, source: Source) -> None:
        line = self._lines[source]
        if len(line) > 1:
            self._turns.give(partial(self._next_of, source), source)
        else:
            del self._lines[source]
        if line:
            self._let_in_first_of(line)

    def _let_in_first_of(self, line: deque[Any]) -> None:
        self._length -= 1
        self._let_in(line.popleft())


def source_of(address: Any) -> Source:
    """Return what counts as one source: an IPv4 address, 64 bits of an IPv6 address, all of a Unix socket."""
    host = address[0] if isinstance(address, tuple) else ""
    if ":" not in host or host.startswith("::ffff:"):
        return str(host)
    try:
        return socket.inet_pton(socket.AF_INET6, host.partition("%")[0])[:8]
    except OSError:
        return str(host)
