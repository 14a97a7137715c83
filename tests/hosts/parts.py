"""What the hosts' parts are made of: got once into a folder that is kept, or missed loudly."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.programs import INSTALL, SEARCHED

CACHE = Path(os.environ.get("FIRST_TOKEN_CACHE", Path.home() / ".cache" / "first-token"))


class MissingPartError(Exception):
    """A part is not there and could not be got; says what was tried."""


def run(*command: object, cwd: Path | None = None) -> str:
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, capture_output=True, text=True, timeout=500, check=False
    )
    if done.returncode:
        raise MissingPartError(f"{command[0]}: {(done.stderr or done.stdout)[-600:]}")
    return done.stdout


def debian_packages(*names: str) -> None:
    """Install what is not there, if this is root on a Debian. Raises MissingPartError."""
    missing = [name for name in names if not _is_there(name)]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise MissingPartError(f"{', '.join(missing)}: apt-get install is for root on Debian")
    os.environ.update(DEBIAN_FRONTEND="noninteractive", RUNLEVEL="1")
    run("apt-get", "update")
    run(*INSTALL, *missing)


def _is_there(package: str) -> bool:
    if shutil.which(package, path=SEARCHED):
        return True
    asked = subprocess.run(["dpkg", "-s", package], capture_output=True, check=False)
    return asked.returncode == 0


def python_of(version: str) -> Path:
    """Return a Python of this version, such as 3.13. Raises MissingPartError."""
    found = shutil.which(f"python{version}")
    kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"))
    if found and _is_version(Path(found), version):
        return Path(found)
    if kept:
        return kept[-1]
    uv = (sys.executable, "-m", "uv", "python")
    run(*uv, "install", "--quiet", version)
    return Path(run(*uv, "find", version).strip())


def _is_version(python: Path, version: str) -> bool:
    # A name alone may be pyenv's, which says that none is chosen.
    asked = subprocess.run([python, "--version"], capture_output=True, text=True, check=False)
    return asked.stdout.startswith(f"Python {version}.")
