"""The cores of this machine, shared out: the load and its upstream on one, what is measured on another."""

import contextlib
import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Cores:
    """Which cores each side has: the same only where there is but one; empty where none can be chosen."""

    load: frozenset[int]
    measured: frozenset[int]

    @property
    def are_apart(self) -> bool:
        return bool(self.load) and not self.load & self.measured


def cores() -> Cores:
    if not hasattr(os, "sched_getaffinity"):
        return Cores(frozenset(), frozenset())
    first, *others = sorted(os.sched_getaffinity(0))
    return Cores(frozenset(others or [first]), frozenset([first]))


@contextlib.contextmanager
def on_cores(chosen: frozenset[int]) -> Iterator[None]:
    """Let what is started meanwhile run on these cores only; on any, if none is named."""
    if not chosen:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, chosen)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def raise_descriptor_limit() -> int:
    """Let this process and its children open as many files as the system allows; returns how many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
