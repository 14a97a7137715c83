"""Locust's load shape for users over time."""

import math

from locust import LoadTestShape

from loadtests.load.schedule.stages import Stage, level

SPAWNS_A_SECOND = 100.0


class Staged(LoadTestShape):
    """As many users as the stages say; ends the run behind the last."""

    def __init__(self, stages: tuple[Stage, ...]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Locust's own
        self._stages = stages

    def tick(self) -> tuple[int, float] | None:
        users = level(self._stages, self.get_run_time())  # type: ignore[no-untyped-call]
        return None if users is None else (math.ceil(users), SPAWNS_A_SECOND)
