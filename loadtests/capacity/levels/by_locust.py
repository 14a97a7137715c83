"""Asks one level by Locust: a run of the load test of its own, with what it says of the limits."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from subprocess import Popen

from loadtests.capacity.levels.crowd import Crowd
from loadtests.capacity.step import Step, StoppedError, step_of
from loadtests.load import NOTHING, answers_needed, read, read_limits
from loadtests.measuring import cpu_seconds
from loadtests.stack import Target, run_locust, several

RAMP_SECONDS = 2.0
ANSWER_SECONDS = 30
STOP_SECONDS = 35
POLL_SECONDS = 0.1
LONGEST_SECONDS = 120
SPARE = 1.3
"""Arrivals come at random, and some answers are wrong."""
TAGS = ("--tags", "stream")


class NothingAskedError(Exception):
    """A run that did not happen, with what Locust said."""


@dataclass
class ByLocust:
    """The runs of a search, each in its files in the folder."""

    target: Target
    limits: Path
    folder: Path
    seconds: int
    warm_up_seconds: float
    seed: int
    processes: int
    model: str | None
    locust_options: Sequence[str]
    asked: list[float] = field(default_factory=list)
    is_stopped: bool = False
    answer_seconds: float = 1.0
    """How long a stream takes, as far as is known."""

    @property
    def least(self) -> Mapping[str, float]:
        return {"rate": 0.1, "streams": 1.0}

    def at_rate(self, level: float) -> Step:
        """Raises NothingAskedError and StoppedError."""
        return self._ask("rate", level, {"rate": f"{level:g}"}, level)

    def at_streams(self, level: float) -> Step:
        """Raises NothingAskedError and StoppedError."""
        users = round(level)
        closed = {"users": users, "spawn-rate": users / RAMP_SECONDS, "think-seconds": 0}
        step = self._ask("streams", level, closed, level / self.answer_seconds)
        if step.rate:
            self.answer_seconds = level / step.rate
        return step

    def _ask(self, name: str, level: float, load: Mapping[str, object], rate: float) -> Step:
        stem = self.folder / f"{name}-{len(self.asked) + 1:02}-{level:g}"
        # Not stem.with_suffix: a level may have a point.
        report, log = Path(f"{stem}.json"), Path(f"{stem}.log")
        options: dict[str, object] = {
            "host": self.target.url,
            "mock-url": self.target.mock_url,
            "model": self.model,
            "limits": self.limits,
            "run-time": math.ceil(self.warm_up_seconds + self._seconds(rate)),
            "warm-up-seconds": self.warm_up_seconds,
            "answer-seconds": ANSWER_SECONDS,
            "stop-timeout": STOP_SECONDS,
            # The same arrivals and questions at each level; others when one is asked again.
            "seed": self.seed + self.asked.count(level),
            "report-json": report,
            **(several(self.processes) if self.processes > 1 else {}),
            **load,
        }
        self.asked.append(level)
        report.unlink(missing_ok=True)
        chosen = self.locust_options if "--tags" in self.locust_options else (*self.locust_options, *TAGS)
        crowd, began, used = Crowd(), time.monotonic(), self._used()
        run_locust(options, chosen, log, self._watch)
        seconds = time.monotonic() - began
        if self.is_stopped:
            raise StoppedError
        came = read(report) if report.exists() else NOTHING
        if not came.asked:
            raise NothingAskedError(log.read_text())
        shares = {name: round((after - used[name]) / seconds, 3) for name, after in self._used().items()}
        if came.observed:
            shares["client"] = round(came.observed.busy, 3)
        # What runs on other machines is not this one's to watch.
        step = step_of(level, came, crowd.disturbances() if self.target.is_ours else ())
        return replace(step, cores=shares)

    def _used(self) -> dict[str, float]:
        return {name: cpu_seconds(pid) for name, pid in self.target.process_ids.items()}

    def _seconds(self, rate: float) -> float:
        """Long enough for the answers that the limits take, if so many come a second."""
        return max(
            self.seconds, min(SPARE * answers_needed(read_limits(self.limits)) / rate, LONGEST_SECONDS)
        )

    def _watch(self, process: Popen[bytes]) -> None:
        try:
            while process.poll() is None:
                time.sleep(POLL_SECONDS)
        except KeyboardInterrupt:
            self.is_stopped = True
            raise
