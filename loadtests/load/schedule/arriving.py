"""The open load in Locust: a user that never waits has others ask for answers, each at its time."""

import contextlib
import random
from typing import Any

import gevent
from gevent.pool import Group
from locust import FastHttpUser, User, constant, task
from locust.env import Environment
from locust.exception import StopUser
from locust.runners import STATE_CLEANUP, STATE_STOPPED, STATE_STOPPING

from loadtests.load.clock import now
from loadtests.load.schedule.arrivals import arrivals
from loadtests.load.schedule.stages import stages_of

ENDING = (STATE_CLEANUP, STATE_STOPPING, STATE_STOPPED)
LONGEST_SLEEP_SECONDS = 0.1


class Arrivals(User):
    """Sends its process's share of the arrivals; each draws the whole schedule from the same seed."""

    abstract = True
    asking: type[FastHttpUser]
    """Whose tasks the arrivals are, drawn by their weights."""
    wait_time = constant(0)

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.options: Any = environment.parsed_options
        self.index = getattr(environment.runner, "worker_index", 0)
        self.asking.host = environment.host
        # The first asks for the expected texts, without which the run ends before it begins.
        self.idle = [self.asking(environment)]
        self.under_way = Group()

    @task
    def arrive(self) -> None:
        """The whole run; a user that asks keeps its connection, and asks for one answer at a time."""
        options = self.options
        tasks = self.asking.tasks
        began = now()
        times = arrivals(stages_of(options.rate), options.arrivals, options.seed)
        for number, at in enumerate(times):
            if number % options.generators != self.index % options.generators:
                continue
            if not self._await(began + at):
                break
            choices = random.Random(f"arrival/{options.seed}/{number}")
            chosen = choices.choice(tasks)
            self.under_way.spawn(self._ask, chosen, choices, began + at)
        else:
            while self._await(now() + 1):
                pass
        self.under_way.join()

    def on_stop(self) -> None:
        self.under_way.kill()

    def _await(self, due: float) -> bool:
        """Sleep until then; whether the run still goes on."""
        while (left := due - now()) > 0:
            if self._is_ending():
                return False
            gevent.sleep(min(left, LONGEST_SLEEP_SECONDS))
        return not self._is_ending()

    def _is_ending(self) -> bool:
        return bool(self.environment.runner) and self.environment.runner.state in ENDING

    def _ask(self, chosen: Any, choices: random.Random, due: float) -> None:
        user: Any = self.idle.pop() if self.idle else self.asking(self.environment)
        user.choices, user.due = choices, due
        with contextlib.suppress(StopUser):
            chosen(user)
        self.idle.append(user)
