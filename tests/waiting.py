"""How tests wait for what a process will do in its own time."""

from collections.abc import Callable
from typing import TypeVar

from loadtests.rig.processes import await_that

PATIENCE_SECONDS = 40.0
Value = TypeVar("Value")


def until(condition: Callable[[], Value]) -> Value:
    """Return the condition's first value that is true."""
    value = await_that(condition, PATIENCE_SECONDS)
    assert value, "waited in vain"
    return value
