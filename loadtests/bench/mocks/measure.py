"""One mock under one load: CPU of its processes for each token, and how far answers are off their plan."""

from __future__ import annotations

import http.client
import json
import statistics
import subprocess
import sys
from dataclasses import dataclass
from typing import IO, Any, cast

import msgspec

from loadtests.bench.client import Load, Mark, Outcome
from loadtests.bench.mocks.contenders import WORD, Mock, Streams, running
from loadtests.bench.stand import LOAD, on_cores
from loadtests.measuring import cpu_seconds
from loadtests.rig import HOST, ROOT

_RAMP_SECONDS = 1.0


@dataclass(frozen=True)
class Measurement:
    """What came of one round. Lateness is what the mock says itself, if it says anything."""

    mock: str
    streams: int
    cpu_us_per_token: float
    total_seconds: float
    planned_seconds: float
    failures: int
    lateness_p99_ms: float | None = None
    is_saturated: bool | None = None

    @property
    def off_plan(self) -> float:
        """How much longer an answer took, from its first token to its last, as a share of the plan."""
        return self.total_seconds / self.planned_seconds - 1


def measure(mock: Mock, streams: Streams) -> Measurement:
    """Start the mock, put the load on it, end it."""
    with running(mock, streams) as (port, pid):
        load = Load(
            port, mock.request(streams), streams.count, streams.tokens, WORD, _RAMP_SECONDS, streams.seconds
        )
        marks, outcome = _run(load, pid)
        said = health(port)
    (first, cpu_before), (last, cpu_after) = marks["open"], marks["closing"]
    spans = [total - begun for total, begun in zip(outcome.totals, outcome.first_tokens, strict=True)]
    return Measurement(
        mock=mock.name,
        streams=streams.count,
        cpu_us_per_token=(cpu_after - cpu_before) / (last.tokens - first.tokens) * 1e6,
        total_seconds=statistics.median(spans),
        planned_seconds=streams.seconds,
        failures=sum(outcome.failures.values()),
        lateness_p99_ms=said.get("lateness", {}).get("p99_ms"),
        is_saturated=said.get("saturated"),
    )


def _run(load: Load, pid: int) -> tuple[dict[str, tuple[Mark, float]], Outcome]:
    marks: dict[str, tuple[Mark, float]] = {}
    with on_cores(LOAD):
        client = subprocess.Popen(
            [sys.executable, "-m", "loadtests.bench.client"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
    with client:
        stdin, stdout = cast(IO[bytes], client.stdin), cast(IO[bytes], client.stdout)
        stdin.write(msgspec.json.encode(load))
        stdin.close()
        for line in stdout:
            if not line.startswith(b'{"at"'):
                return marks, msgspec.json.decode(line, type=Outcome)
            mark = msgspec.json.decode(line, type=Mark)
            marks[mark.at] = (mark, cpu_seconds(pid))
    raise RuntimeError("the client ended without an outcome")


def health(port: int) -> dict[str, Any]:
    """Ask a mock how it is; empty if it does not say."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    connection.request("GET", "/healthz")
    response = connection.getresponse()
    body = response.read()
    connection.close()
    said: dict[str, Any] = json.loads(body) if response.status == 200 else {}
    return said
