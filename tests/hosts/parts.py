"""What the hosts' parts are made of: got once into a folder that is kept, or missed loudly."""

import os
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.environment import of_downloads
from tests.programs import INSTALL, SEARCHED

CACHE = Path(os.environ.get("FIRST_TOKEN_CACHE", Path.home() / ".cache" / "first-token"))

RUN_SECONDS = 300.0


class MissingPartError(Exception):
    """A part is not there and could not be got; says what was tried."""


def run(*command: object, cwd: Path | None = None) -> str:
    """Run a command; its standard output. Raises MissingPartError, with what it said."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=of_downloads(),
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise MissingPartError(f"{' '.join(words[:4])}: not done after {RUN_SECONDS:.0f} s") from None
    if done.returncode:
        raise MissingPartError(f"{' '.join(words[:4])}: {(done.stderr or done.stdout)[-600:]}")
    return done.stdout


def ends_within(seconds: int) -> None:
    """End this process in good order, with what it started, should it take longer."""

    def end(*_: object) -> None:
        sys.exit(f"not done after {seconds} s")

    signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)


def debian_packages(*names: str) -> None:
    """Install what is not there, if this is root on a Debian. Raises MissingPartError."""
    missing = [name for name in names if not _is_there(name)]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise MissingPartError(f"{', '.join(missing)}: apt-get install is for root on Debian")
    # RUNLEVEL: the packages of servers must not start them.
    os.environ.update(DEBIAN_FRONTEND="noninteractive", RUNLEVEL="1")
    _update_lists()
    run(*INSTALL, *missing)


@cache
def _update_lists() -> None:
    run("apt-get", "update")


def _is_there(package: str) -> bool:
    if shutil.which(package, path=SEARCHED):
        return True
    asked = subprocess.run(["dpkg", "-s", package], capture_output=True, check=False)
    return asked.returncode == 0


def python_of(version: str) -> Path:
    """Return a Python of this version, such as 3.13. Raises MissingPartError."""
    name = f"python{version}"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    kept = sorted(pyenv.glob(f"versions/{version}.*/bin/{name}"))
    for found in (
        Path(sys.base_prefix) / "bin" / name,
        *map(Path, filter(None, [shutil.which(name)])),
        *kept,
    ):
        if found.exists() and _is_version(found, version):
            return found
    uv = (sys.executable, "-m", "uv", "python")
    run(*uv, "install", "--quiet", version)
    return Path(run(*uv, "find", version).strip())


def _is_version(python: Path, version: str) -> bool:
    # A name alone may be pyenv's, which says that none is chosen.
    asked = subprocess.run([python, "--version"], capture_output=True, text=True, check=False)
    return asked.stdout.startswith(f"Python {version}.")
