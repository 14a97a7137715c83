"""The app and the mock as the processes that `make run` and the tests start."""

from loadtests.stack.background import STEADY, Stack
from loadtests.stack.procfile import MODEL, environments, process_lines

__all__ = ["MODEL", "STEADY", "Stack", "environments", "process_lines"]
