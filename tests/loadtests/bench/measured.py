"""Measurements as a bench would have made them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from loadtests.bench.contenders import Contender
from loadtests.bench.measure import Measurement
from loadtests.bench.verdict import Circumstances

QUIET = Circumstances(
    stolen_share=0.0,
    queued_share=0.001,
    client_busy_share=0.3,
    upstream_late_p99_ms=1.0,
    tokens_per_read=1.0,
    cpu_share=0.5,
)


def measured(contender: Contender, streams: int = 100, cpu: float = 10.0, **values: Any) -> Measurement:
    made = Measurement(
        contender=contender.name,
        client="asleep",
        streams=streams,
        per_second=50,
        tokens=500,
        cpu_us_per_token=cpu - 1,
        cpu_us_per_token_with_requests=cpu,
        first_token_p50_ms=1.0,
        first_token_p99_ms=2.0,
        total_p50_seconds=5.0,
        memory_kib_per_stream=30.0,
        failures={},
        upstream_us_per_token=6.0,
        upstream_connections=1,
        circumstances=QUIET,
        disturbances=(),
    )
    return replace(made, **values)
