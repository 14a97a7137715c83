"""Programs that nobody here wrote, in the versions named: each is installed into a folder of its own.

versions/ has the version of each package that comes along: written by `pip freeze` in an environment that was installed
without its file. What has to be compiled is compiled once: its wheel is kept in UPSTREAMS_WHEELS (default
~/.cache/first-token/wheels), which outlives `make clean`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(os.environ.get("UPSTREAMS_DIR", ".venv/upstreams")).resolve()
WHEELS = Path(os.environ.get("UPSTREAMS_WHEELS", "~/.cache/first-token/wheels")).expanduser().resolve()
VERSIONS = Path(__file__).with_name("versions")
INSTALL_SECONDS = 3600.0


class MissingServerError(Exception):
    """A server cannot be had here; says why."""


def python_of(name: str, packages: Sequence[str], python: str = sys.executable) -> Path:
    """Return the Python of an environment that holds the packages. Raises MissingServerError."""
    folder = ROOT / name
    made = folder / "bin" / "python"
    installed = folder / "installed"
    pinned = VERSIONS / f"{name}.txt"
    wanted = "\n".join((python, *packages, pinned.read_text("utf-8")))
    if not shutil.which(python):
        raise MissingServerError(f"{python} is not there")
    if not installed.exists() or installed.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        _run(name, [python, "-m", "venv", str(folder)])
        installing = [str(made), "-m", "pip", "install", "--quiet", "--constraint", str(pinned)]
        _run(name, [*installing, "--find-links", str(WHEELS), *packages])
        installed.write_text(wanted)
    return made


def node_package_of(name: str, package: str) -> Path:
    """Return the folder of an npm package, `name@version`, with all that it needs. Raises MissingServerError."""
    folder = ROOT / name
    installed = folder / "installed"
    if not shutil.which("npm"):
        raise MissingServerError("npm is not there")
    if not installed.exists() or installed.read_text() != package:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _run(
            name, ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), package]
        )
        installed.write_text(package)
    return folder / "node_modules" / package.rpartition("@")[0]


def compile_wheel(package: str, environ: Mapping[str, str]) -> None:
    """Have the wheel of `name==version` in WHEELS, built from its source. Raises MissingServerError."""
    name, _, version = package.partition("==")
    if any(WHEELS.glob(f"{name.replace('-', '_')}-{version}-*.whl")):
        return
    building = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-binary", name]
    WHEELS.mkdir(parents=True, exist_ok=True)
    _run(name, [*building, "--wheel-dir", str(WHEELS), package], environ)


def _run(name: str, command: list[str], environ: Mapping[str, str] | None = None) -> None:
    try:
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
            env={**os.environ, **(environ or {})},
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = str(getattr(error, "stderr", "") or error).strip().splitlines()
        raise MissingServerError(f"{name} cannot be installed: {said[-1] if said else error}") from None
