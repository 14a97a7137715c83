"""The processes of a run: the app and the mock as `make run` and the tests start them, and Locust."""

from loadtests.stack.background import STEADY, Stack, answers
from loadtests.stack.locust_process import (
    LOCUSTFILE,
    complaints,
    end_soon_on_sigterm,
    run_locust,
    several,
)
from loadtests.stack.procfile import MODEL, NO_LIMITS, environments, process_lines
from loadtests.stack.target import Target, reports_folder, target

__all__ = [
    "LOCUSTFILE",
    "MODEL",
    "NO_LIMITS",
    "STEADY",
    "Stack",
    "Target",
    "answers",
    "complaints",
    "end_soon_on_sigterm",
    "environments",
    "process_lines",
    "reports_folder",
    "run_locust",
    "several",
    "target",
]
