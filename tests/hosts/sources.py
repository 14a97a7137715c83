"""What a host is given: the project's files as git has them, nothing that a developer's machine adds."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_BEHIND = {".git", ".venv", "__pycache__", "build", "dist", "node_modules", "reports"}


@cache
def tracked_files() -> tuple[str, ...]:
    """The paths, relative to the root, of what is in git or about to be; all there is, where git is not."""
    if not (ROOT / ".git").exists():
        return tuple(_all_files())
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def unpack(folder: Path) -> Path:
    """Lay the files out in a folder as `git push` would on a host; returns the folder."""
    for name in tracked_files():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    return folder


def _all_files() -> list[str]:
    paths = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [str(path) for path in paths if not LEFT_BEHIND & set(path.parts)]
