"""The app and the mock as the processes that `make run` and the tests start."""

from loadtests.stack.background import STEADY, Stack, StackError
from loadtests.stack.procfile import MODEL, environments, process_lines

__all__ = ["MODEL", "STEADY", "Stack", "StackError", "environments", "process_lines"]
