"""Whose turn it is among clients that would never make the worker wait: source by source, newcomers first."""

from __future__ import annotations

import socket
import time
from collections import OrderedDict
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

_Queue = list[tuple[int, int, Any]]


class Turns:
    """Greenlets that have work to do without a wait: between any two of them it is looked at the sockets.

    sleep(0) does not do it: gevent runs a thousand of those before it looks at a socket again; nor does
    idle(), which lets all go at once who wait for it. Sources have their turns one after the other, however
    many wait there. In each who has had fewer turns since its client was last waited for goes first: a
    newcomer does not stand behind those who never wait, nor these behind newcomers without an end.
    """

    def __init__(self) -> None:
        self._waiting: OrderedDict[bytes | str, _Queue] = OrderedDict()
        self._arrivals = count()
        self._idle: Any = None

    def wait(self, source: bytes | str = "", had: int = 0) -> None:
        """Return when it is the turn of one from there that has had so many."""
        hub = gevent.get_hub()
        waiter: Any = Waiter(hub)
        arrival = next(self._arrivals)
        place = arrival + SETBACK * min(had, MOST_SETBACKS)
        heappush(self._waiting.setdefault(source, []), (place, arrival, waiter))
        if self._idle is None:
            self._idle = hub.loop.idle()
            # Before what is really idle.
            self._idle.priority = 2
        if not self._idle.active:
            self._idle.start(self._go)
        waiter.get()

    def waiting(self, source: bytes | str) -> int:
        """Return how many from there wait for their turn."""
        return len(self._waiting.get(source, ()))

    def _go(self) -> None:
        until = time.monotonic() + TURN_SECONDS
        while self._waiting:
            self._next().switch(None)
            if time.monotonic() >= until:
                return
        self._idle.stop()

    def _next(self) -> Any:
        source, queue = self._waiting.popitem(last=False)
        _, _, waiter = heappop(queue)
        if queue:
            self._waiting[source] = queue
        return waiter


def source_of(address: Any) -> bytes | str:
    """Return what counts as one source: an IPv4 address, 64 bits of an IPv6 address, all of a Unix socket."""
    host = address[0] if isinstance(address, tuple) else ""
    if ":" not in host or host.startswith("::ffff:"):
        return str(host)
    try:
        return socket.inet_pton(socket.AF_INET6, host.partition("%")[0])[:8]
    except OSError:
        return str(host)
