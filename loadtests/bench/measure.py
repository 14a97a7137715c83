"""One contender under one load: what a token costs, when first tokens come, what a stream weighs.

A figure that cannot be had of a run is not a number: no column has two definitions.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

from loadtests.bench.stand import Stand
from loadtests.bench.verdict import Circumstances, disturbances
from loadtests.measuring import (
    ProcessorTime,
    cpu_seconds,
    memory_bytes,
    percentile,
    percentile_of_counts,
    processor_time,
    queued_seconds,
)
from loadtests.rig import WORD, ClientMode, Load, Mark, Outcome, UpstreamStats, cores, counted

WINDOW_SECONDS = 0.1
"""The least time with all streams open of which a cost can be said."""


@dataclass(frozen=True)
class Point:
    """A load: so many streams, arriving evenly, each of so many tokens at so many a second."""

    streams: int
    per_second: float
    tokens: int
    ramp_seconds: float

    @property
    def gap_ms(self) -> float:
        return 1000 / self.per_second

    @property
    def seconds(self) -> float:
        """How long one answer takes."""
        return (self.tokens - 1) / self.per_second

    @property
    def model(self) -> str:
        """The name that asks the upstream for it."""
        return f"bench-tokens{self.tokens}-every{round(self.gap_ms)}"


@dataclass(frozen=True)
class Measurement:
    """What came of one load. CPU is the contender's whole tree: user and system."""

    contender: str
    client: ClientMode
    streams: int
    per_second: float
    tokens: int
    cpu_us_per_token: float
    """While all streams were open: between the last first token and the first last one."""
    cpu_us_per_token_with_requests: float
    """Over the whole run: the requests' beginnings and ends, spread over the tokens that came."""
    first_token_p50_ms: float
    first_token_p99_ms: float
    total_p50_seconds: float
    memory_kib_per_stream: float
    """Growth from a process that had just begun, while all streams were open."""
    failures: dict[str, int]
    upstream_us_per_token: float
    upstream_connections: int
    circumstances: Circumstances
    disturbances: tuple[str, ...]
    """Why it must not count, if anything."""


@dataclass(frozen=True)
class _Reading:
    """What a moment's look at the stand gives."""

    seconds: float
    cpu: float
    queued: float
    memory: float
    upstream_cpu: float
    upstream: UpstreamStats
    machine: ProcessorTime


@dataclass(frozen=True)
class _Passed:
    """A mark of the client, and what the contender had used and held when it was heard of."""

    mark: Mark
    cpu: float
    memory: float
    read_at: float


def measure(stand: Stand, point: Point, client: ClientMode) -> Measurement:
    """Put the load on the stand."""
    before = _reading(stand)
    passed: dict[str, _Passed] = {}
    outcome = Outcome()
    for line in counted(_load(stand, point, client), on=cores().load):
        if isinstance(line, Mark):
            passed[line.at] = _Passed(line, cpu_seconds(stand.pid), memory_bytes(stand.pid), time.monotonic())
        else:
            outcome = line
    after = _reading(stand)
    tokens = outcome.tokens or math.nan
    # What the upstream itself holds is nobody's figure.
    grown = memory_while_open(passed) - before.memory if stand.contender.command else math.nan
    around = _circumstances(stand, before, after, outcome)
    return Measurement(
        contender=stand.contender.name,
        client=client,
        streams=point.streams,
        per_second=point.per_second,
        tokens=point.tokens,
        cpu_us_per_token=cost_while_open(passed),
        cpu_us_per_token_with_requests=(after.cpu - before.cpu) / tokens * 1e6,
        first_token_p50_ms=percentile(outcome.first_tokens, 0.5) * 1000,
        first_token_p99_ms=percentile(outcome.first_tokens, 0.99) * 1000,
        total_p50_seconds=percentile(outcome.totals, 0.5),
        memory_kib_per_stream=grown / point.streams / 1024,
        failures=outcome.failures,
        upstream_us_per_token=(after.upstream_cpu - before.upstream_cpu) / tokens * 1e6,
        upstream_connections=after.upstream.connections - before.upstream.connections - 1,
        circumstances=around,
        disturbances=disturbances(around, point.gap_ms),
    )


def cost_while_open(passed: Mapping[str, _Passed]) -> float:
    """µs a token from the last first token to the first last one; NaN if they did not come in this order."""
    if "open" not in passed or "closing" not in passed:
        return math.nan
    opened, closing = passed["open"], passed["closing"]
    tokens = closing.mark.tokens - opened.mark.tokens
    if closing.mark.seconds - opened.mark.seconds < WINDOW_SECONDS or tokens <= 0:
        return math.nan
    return (closing.cpu - opened.cpu) / tokens * 1e6


def memory_while_open(passed: Mapping[str, _Passed]) -> float:
    """What was held once all had begun; NaN if one had ended by the time that it was read."""
    if "open" not in passed or "closing" not in passed:
        return math.nan
    opened, closing = passed["open"], passed["closing"]
    return opened.memory if opened.read_at < closing.mark.seconds else math.nan


def _reading(stand: Stand) -> _Reading:
    return _Reading(
        seconds=time.monotonic(),
        cpu=cpu_seconds(stand.pid),
        queued=queued_seconds(stand.pid),
        memory=memory_bytes(stand.pid),
        upstream_cpu=stand.upstream.cpu_seconds(),
        upstream=stand.upstream.stats(),
        machine=processor_time(),
    )


def _circumstances(stand: Stand, before: _Reading, after: _Reading, outcome: Outcome) -> Circumstances:
    seconds = after.seconds - before.seconds
    late = {
        float(milliseconds): count - before.upstream.late_ms.get(milliseconds, 0)
        for milliseconds, count in after.upstream.late_ms.items()
    }
    # The upstream itself, asked without anybody between, has the client beside it on its core.
    has_own_core = stand.contender.command is not None and cores().are_apart
    return Circumstances(
        stolen_share=after.machine.stolen_since(before.machine),
        queued_share=(after.queued - before.queued) / seconds if has_own_core else math.nan,
        client_busy_share=outcome.busy_share,
        upstream_late_p99_ms=percentile_of_counts(late, 0.99),
        tokens_per_read=outcome.tokens / outcome.reads if outcome.reads else math.nan,
        cpu_share=(after.cpu - before.cpu) / seconds,
    )


def _load(stand: Stand, point: Point, client: ClientMode) -> Load:
    return Load(
        port=stand.port,
        request=stand.contender.request(point.model),
        streams=point.streams,
        tokens=point.tokens,
        word=WORD,
        ramp_seconds=point.ramp_seconds,
        expected_seconds=point.seconds,
        client=client,
    )
