"""One mock under one load: CPU of its processes for each token, and how far answers are off their plan."""

from __future__ import annotations

import json
import math
import statistics
import time
from dataclasses import dataclass
from typing import Any

from loadtests.bench.mocks.contenders import WORD, Mock, MockLoad, running_mock
from loadtests.bench.verdict import Circumstances, disturbances
from loadtests.measuring import ProcessorTime, cpu_seconds, processor_time, queued_seconds
from loadtests.rig import ClientMode, Load, Mark, Outcome, cores, counted, fetched

_RAMP_SECONDS = 1.0


@dataclass(frozen=True)
class Measurement:
    """What came of one round; not a number where a figure could not be had.

    Lateness is what the mock says itself, if it says anything.
    """

    mock: str
    streams: int
    cpu_us_per_token: float
    """Between the last first token and the first last one."""
    total_seconds: float
    planned_seconds: float
    failures: int
    lateness_p99_ms: float = math.nan
    is_saturated: bool | None = None
    disturbances: tuple[str, ...] = ()
    client: ClientMode = "asleep"
    tokens_per_second: float = math.nan
    """Over the same time as the cost."""

    @property
    def off_plan(self) -> float:
        """How much longer an answer took, from its first token to its last, as a share of the plan."""
        return self.total_seconds / self.planned_seconds - 1


def measure(mock: Mock, streams: MockLoad, client: ClientMode = "asleep") -> Measurement:
    """Start the mock, put the load on it, end it."""
    with running_mock(mock, streams) as (port, pid):
        load = Load(
            port,
            mock.request(streams),
            streams.count,
            streams.tokens,
            WORD,
            _RAMP_SECONDS,
            streams.seconds,
            client,
        )
        marks, outcome, around = _run(load, pid, mock)
        said = health(port)
    spans = [total - begun for total, begun in zip(outcome.totals, outcome.first_tokens, strict=True)]
    return Measurement(
        mock=mock.name,
        streams=streams.count,
        cpu_us_per_token=_cost(marks),
        total_seconds=statistics.median(spans) if spans else math.nan,
        planned_seconds=streams.seconds,
        failures=sum(outcome.failures.values()),
        lateness_p99_ms=said.get("lateness", {}).get("p99_ms", math.nan),
        is_saturated=said.get("saturated"),
        disturbances=disturbances(around, streams.gap_ms),
        client=client,
        tokens_per_second=_rate(marks),
    )


@dataclass(frozen=True)
class Reading:
    """What was had at one moment: seconds of the clock, of the mock, of its waits, of the machine."""

    seconds: float
    cpu: float
    queued: float
    machine: ProcessorTime
    own_cores: ProcessorTime


def _reading(pid: int, mock: Mock) -> Reading:
    own_cores = processor_time(on=mock.cores())
    return Reading(time.monotonic(), cpu_seconds(pid), queued_seconds(pid), processor_time(), own_cores)


def _run(load: Load, pid: int, mock: Mock) -> tuple[dict[str, tuple[Mark, float]], Outcome, Circumstances]:
    marks: dict[str, tuple[Mark, float]] = {}
    outcome = Outcome()
    before = _reading(pid, mock)
    for line in counted(load, on=cores().load):
        if isinstance(line, Mark):
            marks[line.at] = (line, cpu_seconds(pid))
        else:
            outcome = line
    after = _reading(pid, mock)
    around = Circumstances(
        stolen_share=after.machine.stolen_since(before.machine),
        queued_share=math.nan if mock.shares_cores else waited_for_others(before, after),
        client_busy_share=outcome.busy_share,
        upstream_late_p99_ms=math.nan,
        tokens_per_read=outcome.tokens / outcome.reads if outcome.reads else math.nan,
        cpu_share=(after.cpu - before.cpu) / (after.seconds - before.seconds),
    )
    return marks, outcome, around


def waited_for_others(before: Reading, after: Reading) -> float:
    """How long a mock was ready to run while others had its cores, as a share of the time.

    A mock of several threads waits for itself too, which is its own cost: no longer than others ran
    there has it waited for them.
    """
    seconds = after.seconds - before.seconds
    worked = after.own_cores.worked_since(before.own_cores) * after.own_cores.seconds_since(before.own_cores)
    others = max(0.0, worked - (after.cpu - before.cpu))
    return min(after.queued - before.queued, others) / seconds


def _cost(marks: dict[str, tuple[Mark, float]]) -> float:
    if "open" not in marks or "closing" not in marks:
        return math.nan
    (first, cpu_before), (last, cpu_after) = marks["open"], marks["closing"]
    tokens = last.tokens - first.tokens
    return (cpu_after - cpu_before) / tokens * 1e6 if tokens > 0 else math.nan


def _rate(marks: dict[str, tuple[Mark, float]]) -> float:
    if "open" not in marks or "closing" not in marks:
        return math.nan
    first, last = marks["open"][0], marks["closing"][0]
    seconds = last.seconds - first.seconds
    return (last.tokens - first.tokens) / seconds if seconds > 0 else math.nan


def health(port: int) -> dict[str, Any]:
    """Ask a mock how it is; empty if it does not say."""
    status, body = fetched(port, "/healthz")
    said: dict[str, Any] = json.loads(body) if status == 200 else {}
    return said
