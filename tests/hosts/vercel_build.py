"""What `vercel build` makes of the project, laid out as the platform would, without a login."""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.hosts.parts import CACHE, MissingPartError, python_of, run
from tests.hosts.sources import unpack

CLI = "vercel@58.10.0"
RUNTIME = "vercel-runtime==0.24.1"
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
        env={**os.environ, "PATH": path, "VERCEL_TELEMETRY_DISABLED": "1"},
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    assert built.returncode == 0, f"vercel build: {(built.stdout + built.stderr)[-1500:]}"
    function = _laid_out(root, folder / "function")
    # The command line is older than the runtime that the platform builds with.
    uv = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps", "--python", python)
    run(*uv, "--target", function / "_vendor", RUNTIME)
    return function, python


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
        npm = shutil.which("npm")
        if not npm:
            raise MissingPartError("npm, which installs Vercel's command line")
        folder.mkdir(parents=True, exist_ok=True)
        run(npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, CLI)
    return program
