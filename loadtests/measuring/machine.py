"""What a hypervisor takes from this machine for others, without which no figure of it can be judged."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

DISTURBING_SHARE = 0.02
"""Stolen time comes in pieces of up to a second, in which nobody gets a token: a few are seen in each p99."""

STAT = Path("/proc/stat")


@dataclass(frozen=True)
class ProcessorTime:
    """What cores have done since the start of the system, in ticks (proc_stat(5))."""

    stolen: int
    """Taken by the hypervisor for others while something here was ready to run."""
    total: int
    idle: int = 0
    worked: int = 0
    """For processes: what interrupts took is nobody's, though it be of the network between two of them."""

    def stolen_since(self, before: ProcessorTime) -> float:
        """Return the stolen share of the time since then."""
        return (self.stolen - before.stolen) / max(1, self.total - before.total)

    def idle_since(self, before: ProcessorTime) -> float:
        """Return the share of the time since then in which cores had nothing to do."""
        return (self.idle - before.idle) / max(1, self.total - before.total)

    def worked_since(self, before: ProcessorTime) -> float:
        """Return the share of the time since then that processes had."""
        return (self.worked - before.worked) / max(1, self.total - before.total)

    def seconds_since(self, before: ProcessorTime) -> float:
        """Return the time since then, of the cores together."""
        return (self.total - before.total) / os.sysconf("SC_CLK_TCK")


def processor_time(on: Collection[int] = ()) -> ProcessorTime:
    """Read it from /proc, for some cores or for all; where there is none, nothing is known to be stolen."""
    if not STAT.exists():
        return ProcessorTime(0, 0)
    wanted = {f"cpu{core}" for core in on} or {"cpu"}
    lines = (line.split() for line in STAT.read_text().splitlines() if line.startswith("cpu"))
    # The time of guests, which comes last, is in user and nice time already.
    of_cores = [list(map(int, fields[1:9])) for fields in lines if fields[0] in wanted]
    ticks = [sum(each) for each in zip(*of_cores, strict=True)]
    return ProcessorTime(stolen=ticks[7], total=sum(ticks), idle=ticks[3] + ticks[4], worked=sum(ticks[:3]))
