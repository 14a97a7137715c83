"""What a tree of processes has cost so far, read from /proc; not a number where there is none."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def tree(pid: int) -> list[int]:
    """The process and all its living descendants."""
    return [pid, *(below for child in _children(pid) for below in tree(child))]


def cpu_seconds(pid: int) -> float:
    """User and system time of the tree: exact for living threads, to 10 ms for processes that died."""
    if not _is_there():
        return math.nan
    return sum(_thread_seconds(member)[0] + _reaped_seconds(member) for member in tree(pid))


def queued_seconds(pid: int) -> float:
    """How long living threads of the tree were ready to run and had no core (schedstat's second field)."""
    if not _is_there():
        return math.nan
    return sum(_thread_seconds(member)[1] for member in tree(pid))


def turns(pid: int) -> float:
    """How often living threads of the tree got a core (schedstat's third field)."""
    if not _is_there():
        return math.nan
    return sum(_thread_seconds(member)[2] for member in tree(pid))


def memory_bytes(pid: int) -> float:
    """The tree's proportional set size: shared pages count once, shared out among their users."""
    if not _is_there():
        return math.nan
    return sum(_proportional_bytes(member) for member in tree(pid))


def reset_peak(pid: int) -> None:
    """Let the peak of a process's memory begin anew, at what it has."""
    with contextlib.suppress(OSError):
        # As proc_pid_clear_refs(5) has it.
        (PROC / str(pid) / "clear_refs").write_text("5")


def peak_bytes(pid: int) -> float:
    """The most memory that a process has had at a time, shared pages included, since its peak was reset."""
    if not _is_there():
        return math.nan
    return _kibibytes(PROC / str(pid) / "status", "VmHWM:") * 1024


def _is_there() -> bool:
    return (PROC / "self" / "schedstat").exists()


def _children(pid: int) -> Iterator[int]:
    with contextlib.suppress(OSError):
        for task in (PROC / str(pid) / "task").iterdir():
            yield from map(int, (task / "children").read_text().split())


def _thread_seconds(pid: int) -> tuple[float, float, int]:
    """On a core, waiting for one, and for how many turns; `stat` counts the first in steps of 10 ms."""
    used = queued = times = 0
    with contextlib.suppress(OSError):
        for task in (PROC / str(pid) / "task").iterdir():
            ran, waited, took = map(int, (task / "schedstat").read_text().split())
            used, queued, times = used + ran, queued + waited, times + took
    return used / 1e9, queued / 1e9, times


def _reaped_seconds(pid: int) -> float:
    with contextlib.suppress(OSError):
        # After the name, which may hold anything but ends at the last bracket, cutime and cstime come 14th.
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _proportional_bytes(pid: int) -> int:
    return _kibibytes(PROC / str(pid) / "smaps_rollup", "Pss:") * 1024


def _kibibytes(file: Path, field: str) -> int:
    with contextlib.suppress(OSError):
        for line in file.read_text().splitlines():
            if line.startswith(field):
                return int(line.split()[1])
    return 0
