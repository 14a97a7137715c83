"""A run of the load test as a process: what it asks, how Locust is started, watched and ended."""

from loadtests.running.locust_process import (
    LOCUSTFILE,
    TerminatedError,
    complaints,
    end_soon_on_sigterm,
    run_locust,
    several,
)
from loadtests.running.target import Target, target

__all__ = [
    "LOCUSTFILE",
    "Target",
    "TerminatedError",
    "complaints",
    "end_soon_on_sigterm",
    "run_locust",
    "several",
    "target",
]
