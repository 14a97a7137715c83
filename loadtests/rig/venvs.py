"""Virtual environments for other people's programs, each made from a file of requirements."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from loadtests.rig.processes import ROOT

VENVS = ROOT / "build" / "bench"
SAID_CHARACTERS = 500


class MissingError(Exception):
    """A program that cannot be had here; the message says why, in one line."""


def python_of(requirements: Path, name: str = "") -> Path:
    """Return the Python of the virtual environment made from a requirements file, making it if need be.

    It is named after the file's folder, unless given a name. Raises MissingError if it cannot be made.
    """
    folder = VENVS / (name or requirements.parent.name)
    made_from = folder / "made-from.txt"
    python = folder / "bin" / "python"
    wanted = requirements.read_text()
    if not made_from.exists() or made_from.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        _uv("venv", "--python", sys.executable, str(folder))
        _uv("pip", "install", "--python", str(python), "-r", str(requirements))
        made_from.write_text(wanted)
    return python


def _uv(*arguments: str) -> None:
    command = [sys.executable, "-m", "uv", "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())[-SAID_CHARACTERS:]
        raise MissingError(f"uv {arguments[0]} failed: {said}")
