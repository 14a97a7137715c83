"""Programs that nobody here wrote: installed each into a folder of its own, started, watched and ended."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(os.environ.get("UPSTREAMS_DIR", ".venv/upstreams")).resolve()
START_SECONDS = 180.0
INSTALL_SECONDS = 3600.0
"""llama.cpp is compiled."""
TICKS = os.sysconf("SC_CLK_TCK")


class MissingServerError(Exception):
    """A server cannot be had here; says why."""


class Program:
    """A running program with all that it started, and what it prints."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self.process = process
        self.output = output

    def cpu_seconds(self) -> float:
        """What its processes have computed so far."""
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,pgid="], capture_output=True, text=True, check=True
        ).stdout
        pairs = (map(int, line.split()) for line in listed.splitlines())
        return sum(_cpu_seconds(pid) for pid, group in pairs if group == self.process.pid)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _cpu_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def python_of(name: str, packages: Sequence[str], python: str = sys.executable) -> Path:
    """Return the Python of an environment that holds the packages. Raises MissingServerError."""
    folder = ROOT / name
    made = folder / "bin" / "python"
    if not shutil.which(python):
        raise MissingServerError(f"{python} is not there")
    if not (folder / "installed").exists():
        _install(name, [python, "-m", "venv", str(folder)])
        _install(name, [str(made), "-m", "pip", "install", "--quiet", *packages])
        (folder / "installed").touch()
    return made


def _install(name: str, command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        said = str(getattr(error, "stderr", "") or error).strip().splitlines()
        raise MissingServerError(f"{name} cannot be installed: {said[-1] if said else error}") from None


@contextmanager
def running(
    command: Sequence[str | Path], port: int, folder: Path, environ: Mapping[str, str]
) -> Iterator[Program]:
    """Run a program until the context ends; waits until its port takes connections."""
    output = folder / f"{port}.txt"
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with output.open("wb") as out:
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=folder,
            env={**kept, **environ},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    program = Program(process, output)
    try:
        _await(program, port)
        yield program
    finally:
        program.kill()


def _await(program: Program, port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and program.process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    said = program.output.read_text(errors="replace")[-1500:]
    raise RuntimeError(f"does not listen on {port}; it printed:\n{said}")
