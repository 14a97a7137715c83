"""Programs of this repository as processes: how they are started, waited for, signalled."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
POLL_SECONDS = 0.01


def started(command: list[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT, stdout=output)  # noqa: S603 - our own program


def await_that(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait until something holds; returns whether it does in time."""
    until = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(POLL_SECONDS)
    return held


def send_signal(number: signal.Signals, process_ids: Iterable[int]) -> float:
    """Send a signal to each; returns when that was."""
    sent_at = time.monotonic()
    for process_id in process_ids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process_id, number)
    return sent_at
