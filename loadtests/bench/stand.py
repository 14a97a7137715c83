"""The stand on which one contender at a time runs: upstream and client on one core, it on another."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from loadtests.bench.contenders import Contender, Place
from loadtests.rig import ANSWER_END, HOST, WORD, Upstream, cores, free_port, running, upstream

READY_SECONDS = 60.0
WARM_UP_REQUESTS = 5


@dataclass
class Stand:
    """A contender that answers, and the upstream behind it."""

    contender: Contender
    port: int
    pid: int
    upstream: Upstream
    start_seconds: float
    """From the start of the contender's process to the first streamed token."""


@contextlib.contextmanager
def stand(contender: Contender) -> Iterator[Stand]:
    """Start upstream and contender, wait until a streamed answer comes through, end both.

    Raises StartError if none comes.
    """
    with contextlib.ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="first-token-bench-")))
        there = cores()
        behind = cleanup.enter_context(upstream(on=there.load))
        if contender.command is None:
            yield Stand(contender, behind.port, behind.pid, behind, 0.0)
            return
        place = Place(free_port(), behind.port, folder)
        command, environ = contender.command(place), contender.environ(place)
        started = time.monotonic()
        process = cleanup.enter_context(
            running(command, folder / "log", env={**os.environ, **environ}, on=there.measured)
        )
        what = f"to a question on port {place.port}"
        process.await_ready(lambda: _answers(contender, place.port), READY_SECONDS, what)
        seconds = time.monotonic() - started
        for _ in range(WARM_UP_REQUESTS):
            ask(contender, place.port, "bench-tokens10-every1")
        yield Stand(contender, place.port, process.pid, behind, seconds)


def ask(contender: Contender, port: int, model: str) -> tuple[float, bytes]:
    """Ask once, over a connection of its own: the seconds to the first token, and all bytes."""
    with socket.create_connection((HOST, port), timeout=READY_SECONDS) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sent_at = time.perf_counter()
        sock.sendall(contender.request(model).encode())
        data, first = b"", 0.0
        while not data.endswith(ANSWER_END):
            read = sock.recv(65536)
            if not read:
                raise ConnectionError(data[-300:].decode(errors="replace"))
            data += read
            first = first or (time.perf_counter() - sent_at if WORD.encode() in data else 0.0)
        return first, data


def _answers(contender: Contender, port: int) -> bool:
    try:
        return ask(contender, port, "bench-tokens1-every1")[0] > 0
    except OSError:
        return False
