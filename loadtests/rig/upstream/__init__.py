"""The one scripted upstream, as a process: where it is, what it notes of clients, what it says of itself."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from loadtests.measuring import cpu_seconds
from loadtests.rig.fetching import fetched
from loadtests.rig.ports import HOST, free_port, is_free
from loadtests.rig.processes import running
from loadtests.rig.upstream.scripts import (
    FLOOD,
    HEAD,
    PHASES,
    SHORT,
    TOKEN,
    WORD,
    delta_event,
    ending,
    framed,
)
from loadtests.rig.upstream.serving import UpstreamServer, listening

__all__ = [
    "FLOOD",
    "HEAD",
    "PHASES",
    "SHORT",
    "TOKEN",
    "WORD",
    "Upstream",
    "UpstreamServer",
    "UpstreamStats",
    "delta_event",
    "ending",
    "framed",
    "listening",
    "upstream",
]

START_SECONDS = 20.0


class UpstreamStats(msgspec.Struct):
    """What it has done since it began; `late_ms` counts tokens by how late they left, in whole ms."""

    connections: int
    requests: int
    tokens: int
    late_ms: dict[int, int]


class _Note(msgspec.Struct):
    what: str
    phase: str
    who: str
    at: float


class Upstream:
    """One that runs."""

    def __init__(self, port: int, pid: int, notes: Path) -> None:
        self.url = f"http://{HOST}:{port}/v1"
        self.port = port
        self.pid = pid
        self._notes = notes

    def stats(self) -> UpstreamStats:
        _, body = fetched(self.port, "/stats")
        return msgspec.json.decode(body, type=UpstreamStats, strict=False)

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid)

    def notes(self, what: str, phase: str) -> dict[str, float]:
        """When it was "asked" in a phase, or "left", and by whom (monotonic seconds).

        Whoever did not say who they are are numbered.
        """
        lines = self._notes.read_bytes().split(b"\n")
        # What follows the last line's end is nothing, or a note that is being written.
        del lines[-1]
        found = msgspec.json.decode(b"[" + b",".join(lines) + b"]", type=list[_Note])
        noted = [note for note in found if (note.what, note.phase) == (what, phase)]
        return {note.who or f"#{number}": note.at for number, note in enumerate(noted)}

    def has_noted(self, number: int, what: str, phase: str) -> Callable[[], bool]:
        return lambda: len(self.notes(what, phase)) >= number


@contextlib.contextmanager
def upstream(
    *, on: frozenset[int] = frozenset(), program: str = "loadtests.rig.upstream"
) -> Iterator[Upstream]:
    """Run one, on these cores; raises StartError. Another `program` does what ours does, and more."""
    port = free_port()
    command = [sys.executable, "-m", program, HOST, str(port)]
    with running(command, on=on) as process:
        # A connection would be counted.
        process.await_ready(lambda: not is_free(port), START_SECONDS, f"on port {port}")
        yield Upstream(port, process.pid, process.output)
