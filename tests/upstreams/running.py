"""Programs that nobody here wrote: installed each into a folder of its own, started, watched and ended."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from loadtests.rig import Program, listens, running

ROOT = Path(os.environ.get("UPSTREAMS_DIR", ".venv/upstreams")).resolve()
START_SECONDS = 180.0
INSTALL_SECONDS = 3600.0
"""llama.cpp is compiled."""


class MissingServerError(Exception):
    """A server cannot be had here; says why."""


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
def listening(
    command: Sequence[str | Path], port: int, folder: Path, environ: Mapping[str, str]
) -> Iterator[Program]:
    """Run a program until the context ends; waits until its port takes connections. Raises StartError."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with running(command, folder / f"{port}.txt", env={**kept, **environ}, cwd=folder) as program:
        program.await_ready(lambda: listens(port), START_SECONDS, f"on port {port}")
        yield program
