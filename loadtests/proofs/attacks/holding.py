"""What the app's workers hold and use, from a moment on."""

from __future__ import annotations

import time

from loadtests.measuring import cpu_seconds, peak_bytes, queued_seconds, reset_peak
from loadtests.proofs.attacks.asking import MARK
from loadtests.stack import Stack

TELLING = (MARK, "internal_error", "Traceback", "[ERROR]", "[CRITICAL]")


class Holding:
    """Of one stack, since this was made. Connections that are kept to the upstream count for nothing."""

    def __init__(self, stack: Stack, upstream_port: int) -> None:
        self._stack = stack
        self._upstream_port = upstream_port
        self._pids = [worker.pid for worker in stack.workers()]
        for pid in self._pids:
            reset_peak(pid)
        self._files, self._bytes, self._lines = self._open_files(), self._peak(), self._telling()
        self._begun_at, self._used = time.monotonic(), self._times()

    def shares(self) -> tuple[float, float]:
        """Of the time, per worker: on a core, and waiting for one."""
        whole = (time.monotonic() - self._begun_at) * len(self._pids)
        return tuple((now - before) / whole for now, before in zip(self._times(), self._used, strict=True))  # type: ignore[return-value]

    def files(self) -> int:
        """How many more are open than at the beginning."""
        return self._open_files() - self._files

    def peak_bytes(self) -> float:
        """How much more memory they have had, at most, than at the beginning."""
        return self._peak() - self._bytes

    def lines(self) -> int:
        """How many lines of the log tell what they should not."""
        return self._telling() - self._lines

    def _times(self) -> tuple[float, float]:
        return sum(map(cpu_seconds, self._pids)), sum(map(queued_seconds, self._pids))

    def _peak(self) -> float:
        return sum(map(peak_bytes, self._pids))

    def _telling(self) -> int:
        lines = self._stack.output("web").splitlines()
        return sum(1 for line in lines if any(told in line for told in TELLING))

    def _open_files(self) -> int:
        workers = self._stack.workers()
        kept = [
            each
            for worker in workers
            for each in worker.net_connections("tcp")
            if each.raddr and each.raddr.port == self._upstream_port
        ]
        return sum(worker.num_fds() for worker in workers) - len(kept)
