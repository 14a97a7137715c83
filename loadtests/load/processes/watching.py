"""What a process of a run watches while it goes on: its own lag, and what the run is doing."""

import time
from collections.abc import Callable
from pathlib import Path

import gevent
from locust.env import Environment

from loadtests.load import rows, summary
from loadtests.load.processes import live
from loadtests.load.processes.asking import ASKED
from loadtests.load.processes.records import RECORDS

LAG_INTERVAL_SECONDS = 0.01
LOOK_SECONDS = 1.0


def watch_own_lag(environment: Environment) -> None:
    """Log how late this process's own event loop runs while it has users: every 10 ms, come what may.

    What would have come in the middle of a stall had to wait for its end as well, and each of them counts.
    """
    due = time.perf_counter()
    while True:
        due += LAG_INTERVAL_SECONDS
        if (left := due - time.perf_counter()) > 0:
            gevent.sleep(left)
        if environment.runner and environment.runner.user_count:
            late = max(0.0, time.perf_counter() - due)
            rows.log(environment.stats, summary.CLIENT, rows.LAG, (late,))


def tell(show: Callable[[live.Live], None], path: str) -> None:
    """Show what the run is doing, as long as it does."""
    watch = live.Watch()
    while True:
        gevent.sleep(LOOK_SECONDS)
        show(seen := watch.look(RECORDS.all, ASKED.total, time.monotonic()))
        if path:
            live.write(seen, Path(path))
