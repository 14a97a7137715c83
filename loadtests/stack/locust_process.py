"""Locust as a process of its own group, which ends with this one."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from loadtests.rig import HOST, ROOT, free_port, running

LOCUSTFILE = ROOT / "loadtests" / "locustfile.py"
TERMINATION_SECONDS = 5
LOG_LINES = 20
WEB = ("--autostart", "--web-port", "--web-host", "--class-picker", "--master", "--worker")
"""Locust's options that make no sense without its page, or without others that it waits for."""


class TerminatedError(KeyboardInterrupt):
    """SIGTERM has come, or the terminal has gone."""


def end_soon_on_sigterm() -> None:
    """Have SIGTERM and SIGHUP raise TerminatedError in this process."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminate)


def _terminate(*_: object) -> None:
    raise TerminatedError


def several(processes: int) -> dict[str, object]:
    """Load generators that meet on a port of their own: another run's would join on Locust's default one."""
    port = free_port()
    return {"processes": processes, "master-port": port, "master-bind-port": port, "master-bind-host": HOST}


def run_locust(
    options: Mapping[str, object],
    locust_options: Sequence[str],
    log: Path,
    watch: Callable[[subprocess.Popen[bytes]], None],
) -> None:
    """Run Locust to its end, or until somebody ends this process; the log gets all that it says.

    Ctrl-C in `watch` ends it after the answers under way, SIGTERM soon; both let it report.
    """
    command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE)]
    command += ["--only-summary", "--exit-code-on-error", "1"]
    command += [] if any(given.startswith(WEB) for given in locust_options) else ["--headless"]
    command += [f"--{name}={value}" for name, value in options.items() if value is not None]
    command += locust_options
    # A group of its own: Ctrl-C reaches it once, from here, and nothing of it outlives this process.
    with running(command, log, cwd=Path.cwd(), grace_seconds=TERMINATION_SECONDS) as process:
        _await_end(process, watch)


def _await_end(process: subprocess.Popen[bytes], watch: Callable[[subprocess.Popen[bytes]], None]) -> None:
    patience = None
    try:
        watch(process)
    except TerminatedError:
        patience = TERMINATION_SECONDS
    except KeyboardInterrupt:
        pass
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            process.wait(patience)


def complaints(log: str) -> list[str]:
    """The lines of Locust's log that say why nothing happened, or its end."""
    lines = log.splitlines()
    return [line for line in lines if "/ERROR/" in line] or lines[-LOG_LINES:]
