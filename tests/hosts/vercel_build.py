"""What `vercel build` makes of the project, laid out as the platform would, without a login."""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.environment import of_downloads
from tests.hosts.parts import CACHE, MissingPartError, python_of, run
from tests.hosts.sources import unpack
from tests.programs import NPM, MissingError, find_or_get

CLI = "vercel@60.1.3"
"""It bundles vercel-runtime 0.23.1. Runtimes before 0.23 tell no deadline."""
PROJECT = {"projectId": "x", "orgId": "x", "settings": {"framework": "flask"}}
FUNCTION = Path(".vercel/output/functions/flask.func")
BUILD_SECONDS = 400


@cache
def vercel_function() -> tuple[Path, Path]:
    """Build once in a process; the function's own folder, and its Python. Raises MissingPartError."""
    folder = CACHE / "vercel-build"
    shutil.rmtree(folder, ignore_errors=True)
    root = unpack(folder / "app")
    python = python_of((root / ".python-version").read_text("utf-8").strip())
    (root / ".vercel").mkdir()
    (root / ".vercel" / "project.json").write_text(json.dumps(PROJECT), "utf-8")
    path = os.pathsep.join([str(python.parent), str(Path(sys.executable).parent), os.environ["PATH"]])
    built = subprocess.run(
        [_cli(), "build", "--yes"],
        cwd=root,
        env={**of_downloads(), "PATH": path, "VERCEL_TELEMETRY_DISABLED": "1"},
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    assert built.returncode == 0, f"vercel build: {(built.stdout + built.stderr)[-1500:]}"
    return _laid_out(root, folder / "function"), python


def _laid_out(root: Path, function: Path) -> Path:
    """Lay the files out as the build's own list says: where in the function, from where in the project."""
    shutil.copytree(root / FUNCTION, function)
    listed = json.loads((function / ".vc-config.json").read_text("utf-8"))["filePathMap"]
    for target, source in listed.items():
        (function / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / source, function / target)
    return function


def _cli() -> Path:
    folder = CACHE / CLI.replace("@", "-")
    program = folder / "node_modules" / ".bin" / "vercel"
    if not program.exists():
        try:
            npm = find_or_get(NPM)
        except MissingError as missing:
            raise MissingPartError(str(missing)) from None
        folder.mkdir(parents=True, exist_ok=True)
        run(npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, CLI)
    return program
