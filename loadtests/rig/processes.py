"""Programs as processes: how they are started, waited for, signalled and ended with all they have started."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from loadtests.rig.cores import on_cores

ROOT = Path(__file__).resolve().parents[2]
POLL_SECONDS = 0.01
GRACE_SECONDS = 2.0


@contextlib.contextmanager
def running(
    command: list[str],
    *,
    env: Mapping[str, str] | None = None,
    output: int | IO[bytes] = subprocess.DEVNULL,
    errors: int | IO[bytes] | None = None,
    on: frozenset[int] = frozenset(),
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in the repository, as a group of its own, and end the group.

    `env` is laid over this process's environment; `on` are the cores that it may use, by default all.
    """
    with on_cores(on):
        process = subprocess.Popen(  # noqa: S603 - a caller's own command
            command,
            env={**os.environ, **(env or {})},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end_groups([process], GRACE_SECONDS)


def end_groups(processes: Iterable[subprocess.Popen[bytes]], grace_seconds: float) -> None:
    """SIGTERM to the group of each, and SIGKILL to what is left of them after the grace."""
    ending = list(processes)
    for process in ending:
        _signal_group(process, signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    for process in ending:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        _signal_group(process, signal.SIGKILL)
        process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


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
