"""What the proofs are made on: the app as processes, and an upstream that can be watched."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO

import msgspec
import psutil

from loadtests.processes import HOST, ROOT, free_port, is_free
from loadtests.stack import Stack

POLL_SECONDS = 0.01
START_SECONDS = 10.0
STEADY = {"CHAT_SYSTEM_PROMPT": "", "CHAT_LOG_LEVEL": "warning"}
"""A system prompt would be part of what the mock answers."""


class Note(msgspec.Struct):
    """What the watched upstream has seen, and when."""

    what: str
    phase: str
    at: float


class Upstream:
    """The upstream of loadtests.proofs.upstream as a process."""

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
    command = [sys.executable, "-m", "loadtests.proofs.upstream", HOST, str(port)]
    with TemporaryFile() as notes, _process(command, notes) as process:
        try:
            await_that(lambda: not is_free(port), START_SECONDS)
            yield Upstream(port, notes)
        finally:
            process.kill()


def _process(command: list[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT, stdout=output)  # noqa: S603 - our own program


def await_that(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait until something holds; returns whether it does in time."""
    until = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(POLL_SECONDS)
    return held


def workers(stack: Stack) -> list[psutil.Process]:
    """gunicorn's workers: its children, but for the one that watches over the stack."""
    children = psutil.Process(stack.processes["web"].pid).children()
    return [child for child in children if "gunicorn" in " ".join(child.cmdline())]


def send_signal(number: signal.Signals, process_ids: Iterable[int]) -> float:
    """Send a signal to each; returns when that was."""
    sent_at = time.monotonic()
    for process_id in process_ids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process_id, number)
    return sent_at


def counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which this share of them lies; not a number without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")
