"""An upstream that stops in the phase that a prompt names, as a process, and what it notes of its clients."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import IO

import msgspec

from loadtests.rig.ports import HOST, free_port, is_free
from loadtests.rig.processes import await_that, started

BEFORE_HEADERS, BEFORE_FIRST_TOKEN = "before the headers", "before the first token"
BETWEEN_TOKENS, STALLED = "between tokens", "stalled"
PHASES = (BEFORE_HEADERS, BEFORE_FIRST_TOKEN, BETWEEN_TOKENS, STALLED)
FLOOD = "a megabyte at once"
SHORT = "20 tokens"
START_SECONDS = 10.0


class Note(msgspec.Struct):
    """What the watched upstream has seen, and when."""

    what: str
    phase: str
    at: float


class Upstream:
    """One that runs."""

    def __init__(self, port: int, notes: IO[bytes]) -> None:
        self.url = f"http://{HOST}:{port}/v1"
        self.port = port
        self._notes = notes

    def notes(self, what: str, phase: str) -> list[float]:
        """When it was asked, or left, in a phase."""
        # Without moving the place in the file, which is the writer's too.
        file = self._notes.fileno()
        lines = os.pread(file, os.fstat(file).st_size, 0).split(b"\n")
        # What follows the last line's end is nothing, or a note that is being written.
        del lines[-1]
        found = msgspec.json.decode(b"[" + b",".join(lines) + b"]", type=list[Note])
        return [note.at for note in found if (note.what, note.phase) == (what, phase)]

    def has_noted(self, number: int, what: str, phase: str) -> Callable[[], bool]:
        return lambda: len(self.notes(what, phase)) >= number


@contextlib.contextmanager
def upstream() -> Iterator[Upstream]:
    port = free_port()
    command = [sys.executable, "-m", "loadtests.rig.upstream", HOST, str(port)]
    with TemporaryFile() as notes, started(command, notes) as process:
        try:
            await_that(lambda: not is_free(port), START_SECONDS)
            yield Upstream(port, notes)
        finally:
            process.kill()
