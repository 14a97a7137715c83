"""The folder where each worker keeps its figures in files, so that any of them can answer for all.

gunicorn's arbiter makes it and removes it. A lock, which the kernel drops with the last process that holds
it, tells a folder in use from one whose arbiter was killed. Imports nothing that gevent would have to patch.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus_client looks for the folder."""

_PREFIX = "first-token-metrics-"
_LOCK = "lock"


def make(parent: str | None) -> Path:
    """Make a folder in `parent`, by default the system's for temporary files, and remove abandoned ones."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    # Open for as long as this process and those that it forks live.
    fcntl.flock(os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600), fcntl.LOCK_EX)
    for other in folder.parent.glob(_PREFIX + "*"):
        if other != folder and _is_abandoned(other):
            shutil.rmtree(other, ignore_errors=True)
    return folder


def forget_open(folder: Path, process: int) -> None:
    """Forget what a dead worker had open; what it has counted stays in the sums."""
    # By hand, not by prometheus_client's mark_process_dead: a worker forked after the library was imported in
    # the arbiter would have its locks as they are before gevent patches them.
    for file in folder.glob(f"gauge_live*_{process}.db"):
        file.unlink()


def remove(folder: Path) -> None:
    """Leave nothing behind."""
    shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    # Another user's folder cannot be opened, and one without a lock is just being made.
    with suppress(OSError), (folder / _LOCK).open("r+b") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
