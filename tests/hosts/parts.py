"""What the hosts' parts are made of: got once into a folder that is kept, or missed loudly."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.programs import INSTALL, SEARCHED

CACHE = Path(os.environ.get("FIRST_TOKEN_CACHE", Path.home() / ".cache" / "first-token"))
VERCEL_RUNTIME = "vercel-runtime==0.24.1"
LEAST_FOR_VERCEL = (3, 12)


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


def vercel_python() -> Path:
    """A Python that has Vercel's runtime and the app's requirements. Raises MissingPartError."""
    found = _python_of_least(LEAST_FOR_VERCEL)
    root = Path(__file__).resolve().parents[2]
    folder = CACHE / "vercel"
    python = folder / "bin" / "python"
    wanted = (root / "requirements.txt").read_text("utf-8") + VERCEL_RUNTIME
    stamp = folder / "installed.txt"
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        run(sys.executable, "-m", "uv", "venv", "--quiet", "--python", found, folder)
        uv = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python)
        run(*uv, "--require-hashes", "-r", root / "requirements.txt")
        run(*uv, VERCEL_RUNTIME)
        stamp.write_text(wanted, "utf-8")
    return python


def _python_of_least(version: tuple[int, int]) -> str:
    if sys.version_info >= version:
        return sys.executable
    names = [f"python3.{minor}" for minor in (13, 12, 14)]
    kept = sorted(Path.home().glob(".pyenv/versions/3.1[234]*/bin/python"))
    for candidate in [*filter(None, map(shutil.which, names)), *map(str, kept)]:
        asked = subprocess.run(
            [candidate, "-c", f"import sys; sys.exit(sys.version_info < {version})"],
            capture_output=True,
            check=False,
        )
        if asked.returncode == 0:
            return candidate
    raise MissingPartError(f"a Python of {version[0]}.{version[1]} or later, which Vercel's runtime needs")
