"""One mock under one load: CPU of its processes for each token, and how far answers are off their plan."""

from __future__ import annotations

import http.client
import json
import math
import statistics
import time
from dataclasses import dataclass
from typing import Any

from loadtests.bench.mocks.contenders import WORD, Mock, Streams, running_mock
from loadtests.bench.verdict import Circumstances, disturbances
from loadtests.measuring import cpu_seconds, processor_time, queued_seconds
from loadtests.rig import HOST, ClientMode, Load, Mark, Outcome, cores, counted

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


def measure(mock: Mock, streams: Streams, client: ClientMode = "asleep") -> Measurement:
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
        marks, outcome, around = _run(load, pid, shares_cores=mock.shares_cores)
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


def _run(
    load: Load, pid: int, *, shares_cores: bool
) -> tuple[dict[str, tuple[Mark, float]], Outcome, Circumstances]:
    marks: dict[str, tuple[Mark, float]] = {}
    outcome = Outcome()
    begun_at, used, queued, machine = (
        time.monotonic(),
        cpu_seconds(pid),
        queued_seconds(pid),
        processor_time(),
    )
    for line in counted(load, on=cores().load):
        if isinstance(line, Mark):
            marks[line.at] = (line, cpu_seconds(pid))
        else:
            outcome = line
    seconds = time.monotonic() - begun_at
    around = Circumstances(
        stolen_share=processor_time().stolen_since(machine),
        queued_share=(queued_seconds(pid) - queued) / seconds if not shares_cores else math.nan,
        client_busy_share=outcome.busy_share,
        upstream_late_p99_ms=math.nan,
        tokens_per_read=outcome.tokens / outcome.reads if outcome.reads else math.nan,
        cpu_share=(cpu_seconds(pid) - used) / seconds,
    )
    return marks, outcome, around


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
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    connection.request("GET", "/healthz")
    response = connection.getresponse()
    body = response.read()
    connection.close()
    said: dict[str, Any] = json.loads(body) if response.status == 200 else {}
    return said
