"""One contender under one load: what a token costs, when first tokens come, what a stream weighs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, cast

import msgspec

from loadtests.bench.client import Load, Mark, Outcome
from loadtests.bench.contenders import Contender
from loadtests.bench.stand import LOAD, Stand, on_cores
from loadtests.bench.upstream import WORD
from loadtests.measuring import DISTURBING_SHARE, cpu_seconds, memory_bytes, percentile, processor_time
from loadtests.rig import ROOT


@dataclass(frozen=True)
class Point:
    """A load: so many streams, arriving evenly, each of so many tokens at so many a second."""

    streams: int
    per_second: float
    tokens: int
    ramp_seconds: float
    sleeping_client: bool = False
    """Whether the stack pays, with each token, for waking the client."""

    @property
    def seconds(self) -> float:
        """How long one answer takes."""
        return (self.tokens - 1) / self.per_second

    @property
    def model(self) -> str:
        """The name that asks the upstream for it."""
        return f"bench-tokens{self.tokens}-every{round(1000 / self.per_second)}"


@dataclass(frozen=True)
class Measurement:
    """What came of one load. CPU is the contender's whole tree: user and system."""

    contender: str
    streams: int
    per_second: float
    tokens: int
    cpu_us_per_token: float
    """While all streams were open: between the last first token and the first last one."""
    cpu_us_per_token_with_requests: float
    """Over the whole run: the requests' beginnings and ends, spread over the tokens."""
    first_token_p50_ms: float
    first_token_p99_ms: float
    total_p50_seconds: float
    memory_kib_per_stream: float
    failures: dict[str, int]
    upstream_us_per_token: float
    upstream_connections: int
    upstream_late_ms: float
    client_busy_share: float
    stolen_share: float
    """Of the machine's time, while it ran, what a hypervisor gave to others."""

    @property
    def is_disturbed(self) -> bool:
        """Whether it says more of the machine's neighbours than of the contender."""
        return self.stolen_share > DISTURBING_SHARE


def measure(stand: Stand, point: Point) -> Measurement:
    """Put the load on the stand."""
    before, upstream_before, memory = cpu_seconds(stand.pid), stand.upstream_cpu(), memory_bytes(stand.pid)
    stats_before, time_before = stand.upstream_stats(), processor_time()
    marks: dict[str, tuple[Mark, float]] = {}
    grown = 0
    for line in _client(stand.contender, stand.port, point):
        if isinstance(line, Mark):
            marks[line.at] = (line, cpu_seconds(stand.pid))
            if line.at == "open":
                grown = memory_bytes(stand.pid) - memory
            continue
        outcome = line
    used = cpu_seconds(stand.pid) - before
    stats = stand.upstream_stats()
    tokens = max(1, outcome.tokens)
    return Measurement(
        contender=stand.contender.name,
        streams=point.streams,
        per_second=point.per_second,
        tokens=point.tokens,
        cpu_us_per_token=_between(marks) or used / tokens * 1e6,
        cpu_us_per_token_with_requests=used / tokens * 1e6,
        first_token_p50_ms=percentile(outcome.first_tokens, 0.5) * 1000,
        first_token_p99_ms=percentile(outcome.first_tokens, 0.99) * 1000,
        total_p50_seconds=percentile(outcome.totals, 0.5),
        memory_kib_per_stream=grown / point.streams / 1024,
        failures=outcome.failures,
        upstream_us_per_token=(stand.upstream_cpu() - upstream_before) / tokens * 1e6,
        upstream_connections=int(stats["connections"] - stats_before["connections"]) - 1,
        upstream_late_ms=stats["late_seconds"] * 1000,
        client_busy_share=outcome.busy_share,
        stolen_share=processor_time().stolen_since(time_before),
    )


def _between(marks: dict[str, tuple[Mark, float]]) -> float | None:
    if "open" not in marks or "closing" not in marks:
        return None
    (opened, cpu_before), (closing, cpu_after) = marks["open"], marks["closing"]
    tokens = closing.tokens - opened.tokens
    return (cpu_after - cpu_before) / tokens * 1e6 if tokens > 0 else None


def _client(contender: Contender, port: int, point: Point) -> Iterator[Mark | Outcome]:
    load = Load(
        port=port,
        request=contender.request(point.model),
        streams=point.streams,
        tokens=point.tokens,
        word=WORD,
        ramp_seconds=point.ramp_seconds,
        expected_seconds=point.seconds,
        sleeps=point.sleeping_client,
    )
    with on_cores(LOAD):
        process = subprocess.Popen(
            [sys.executable, "-m", "loadtests.bench.client"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
    with process:
        stdin, stdout = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
        stdin.write(msgspec.json.encode(load))
        stdin.close()
        for line in stdout:
            if line.startswith(b'{"at"'):
                yield msgspec.json.decode(line, type=Mark)
            else:
                yield msgspec.json.decode(line, type=Outcome)
