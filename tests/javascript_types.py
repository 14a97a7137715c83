"""`python -m tests.javascript_types`: the types of the page's modules, checked by TypeScript's compiler as `make check` does.

What is vendored has no types, or is minified beyond checking: tests/js/types says what the page takes from it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.programs import NODE, NPM, MissingError, find_or_get

ROOT = Path(__file__).resolve().parents[1]
JS = ROOT / "tests" / "js"
INSTALLED = JS / "node_modules"


def main() -> int:
    """Return 0 if all fits, TypeScript's own code if not, and 1 in CI if it cannot be had."""
    try:
        node = find_or_get(NODE)
        compiler = _compiler()
    except MissingError as missing:
        sys.stderr.write(f"The page's types are NOT checked: {missing}\n")
        return 1 if os.environ.get("CI") else 0
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(
            ROOT / "webapp" / "static", folder, ignore=shutil.ignore_patterns("vendor"), dirs_exist_ok=True
        )
        shutil.copytree(JS / "types", folder, dirs_exist_ok=True)
        shutil.copy(JS / "jsconfig.json", folder)
        return subprocess.run(
            [node, compiler, "--project", "jsconfig.json"], cwd=folder, check=False
        ).returncode


def _compiler() -> Path:
    """TypeScript as the lock file has it. Raises MissingError."""
    lock, mark = JS / "package-lock.json", INSTALLED / ".package-lock.json"
    if not mark.exists() or mark.stat().st_mtime < lock.stat().st_mtime:
        npm = find_or_get(NPM)
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund"], cwd=JS, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise MissingError(f"npm ci failed: {done.stderr.strip()[-300:]}")
    return INSTALLED / "typescript" / "bin" / "tsc"


if __name__ == "__main__":
    sys.exit(main())
