"""Programs as processes: how they are started, waited for, signalled and ended with all they have started."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from loadtests.rig.cores import on_cores

Held = TypeVar("Held")
ROOT = Path(__file__).resolve().parents[2]
POLL_SECONDS = 0.01
GRACE_SECONDS = 2.0
SHOWN_CHARACTERS = 4_000


class StartError(RuntimeError):
    """A program ended or kept silent before it was ready; the message ends with what it printed last."""


class Program(subprocess.Popen[bytes]):
    """A program in a group of its own, which prints into a file.

    A command that is one string is the shell's; `env` is its whole environment, by default this process's.
    """

    def __init__(
        self,
        command: str | Sequence[str | Path],
        output: Path,
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.output = output
        with output.open("wb") as printed:
            super().__init__(
                command,
                shell=isinstance(command, str),
                env=env,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=pass_fds,
            )

    def printed(self) -> str:
        """All that it has printed so far; nothing of what goes into a pipe, which is its reader's."""
        return "" if self.output.is_fifo() else self.output.read_text(errors="replace")

    def await_ready(self, is_ready: Callable[[], bool], seconds: float, what: str) -> None:
        """Wait until it is ready, which `what` says for a message; raises StartError."""
        if await_that(lambda: self.poll() is not None or is_ready(), seconds) and self.poll() is None:
            return
        came = f"ended with status {self.returncode}" if self.poll() is not None else f"is silent {what}"
        raise StartError(f"{came}; it printed:\n{self.printed()[-SHOWN_CHARACTERS:]}")


@contextlib.contextmanager
def running(
    command: str | Sequence[str | Path],
    output: Path | None = None,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    pass_fds: Sequence[int] = (),
    on: frozenset[int] = frozenset(),
    grace_seconds: float = GRACE_SECONDS,
) -> Iterator[Program]:
    """Run a program until the context ends, and then end its group; `on` are the cores that it may use.

    What it prints is kept for as long, or in the file that is named.
    """
    with tempfile.TemporaryDirectory(prefix="first-token-") as folder:
        with on_cores(on):
            program = Program(
                command, output or Path(folder) / "printed", env=env, cwd=cwd, pass_fds=pass_fds
            )
        try:
            yield program
        finally:
            end_groups([program], grace_seconds)


def end_groups(processes: Iterable[subprocess.Popen[bytes]], grace_seconds: float) -> None:
    """SIGTERM to the group of each, and SIGKILL to what is left of them after the grace."""
    ending = list(processes)
    for process in ending:
        signal_group(process, signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    for process in ending:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        signal_group(process, signal.SIGKILL)
        process.wait()


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def await_that(holds: Callable[[], Held], seconds: float) -> Held:
    """Wait until something holds; returns what it then is, or what it was when the time was over."""
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
