"""Ends its process group once the process that holds a lock is gone, however that one ended.

Runs beside a process line, as a child of it: `python leash.py LOCKFILE PID_OF_THE_LINE`.
"""

import fcntl
import os
import signal
import sys
import time
from pathlib import Path

POLL_SECONDS = 0.2
GRACE_SECONDS = 2.0


def hold(path: Path) -> int:
    """Lock the file for as long as the returned descriptor is open and this process lives.

    A POSIX lock and not a pipe: the kernel drops it at the holder's end even after SIGKILL, and a forked
    child, which would keep a pipe open, does not inherit it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def is_held(path: Path) -> bool:
    """Whether a living process other than this one holds the lock."""
    try:
        with path.open("r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except (BlockingIOError, PermissionError):  # POSIX leaves it to the system which of the two says "locked"
        return True
    return False


def main(path: Path, line: int) -> None:
    while os.getppid() == line:
        if not is_held(path):
            end_group(line)
        time.sleep(POLL_SECONDS)


def end_group(line: int) -> None:
    os.killpg(0, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while os.getppid() == line and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    os.killpg(0, signal.SIGKILL)  # this process with it


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
