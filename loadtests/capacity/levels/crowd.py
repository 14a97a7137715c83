"""What else ran on this machine while app, mock and load generator shared it."""

import os

from loadtests.measuring import cpu_seconds, processor_time

OTHERS_LIMIT = 0.1
"""By so much the capacity would be too low at most, which is as close as the search looks."""
IDLE_LIMIT = 0.2
"""While cores have this much time to spare, nobody else's work keeps the app from its own."""


class Crowd:
    """Watches from here on."""

    def __init__(self) -> None:
        self._machine, self._own = processor_time(), cpu_seconds(os.getpid())

    def disturbances(self) -> tuple[str, ...]:
        """Why the app's figures may be those of strangers; nothing where no kernel says."""
        machine = processor_time()
        seconds = machine.seconds_since(self._machine)
        if not seconds:
            return ()
        own = (cpu_seconds(os.getpid()) - self._own) / seconds
        return said(machine.worked_since(self._machine) - own, machine.idle_since(self._machine))


def said(others: float, idle: float) -> tuple[str, ...]:
    """The complaint about these shares of the machine, if there is any."""
    if others <= OTHERS_LIMIT or idle >= IDLE_LIMIT:
        return ()
    return (
        f"other processes took {others:.0%} of the machine, limit {OTHERS_LIMIT:.0%}, with {idle:.0%} idle",
    )
