"""The memory of a server that is busy, looked at each second, and how much it grew."""

from __future__ import annotations

import contextlib
import statistics
import threading
from collections.abc import Iterator, Sequence

from loadtests.measuring import memory_bytes

LOOK_SECONDS = 1.0
LEAST_LOOKS = 4


@contextlib.contextmanager
def looked_at(pid: int) -> Iterator[list[float]]:
    """Add the memory of a process and its children, in bytes, to a list while the block runs."""
    looks: list[float] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(LOOK_SECONDS):
            looks.append(memory_bytes(pid))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield looks
    finally:
        done.set()
        thread.join()


def grown(looks: Sequence[float]) -> float:
    """Say how many bytes more the later half has than the earlier one, by their medians; 0 of too few.

    What lies between them is half of all answers: garbage comes and goes, what leaks adds up.
    """
    if len(looks) < LEAST_LOOKS:
        return 0.0
    half = len(looks) // 2
    return statistics.median(looks[-half:]) - statistics.median(looks[:half])
