"""The routes by which an operator learns whether the server is well: `/healthz` and `/metrics`."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from mockllm.api import encode, json_response
from mockllm.journal import Count
from mockllm.timing import WINDOW_SECONDS, Lateness, LatenessBoard

Rest = Callable[[], dict[str, Any]]
_BOUNDS = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.02, 0.05, 0.1)
_COUNTED = {
    "requests": ("Requests by the status of their answers", "status"),
    "faults": ("Requests that a fault struck", "fault"),
    "tokens": ("Tokens that were billed, taken or not", "kind"),
}
_QUANTILES = {"0.5": 0.5, "0.99": 0.99, "1": 1.0}


def add_health_routes(
    app: Flask, board: LatenessBoard, limit_seconds: float, rest: Rest, counts: Iterable[Count] = ()
) -> None:
    """Serve `/healthz`, which says `saturated` when tokens leave too late to be believed, and `/metrics`."""

    @app.get("/health")
    @app.get("/healthz")
    def healthz() -> Response:
        recent = board.recently(time.monotonic())
        is_saturated = recent.quantile(0.99) > limit_seconds
        lateness = {
            "tokens": recent.count,
            "p50_ms": _milliseconds(recent.quantile(0.5)),
            "p99_ms": _milliseconds(recent.quantile(0.99)),
            "max_ms": _milliseconds(recent.worst),
            "limit_ms": _milliseconds(limit_seconds),
            "seconds": WINDOW_SECONDS,
        }
        return json_response(
            encode({"status": "ok", "saturated": is_saturated, "lateness": lateness, **rest()})
        )

    @app.get("/metrics")
    def metrics() -> Response:
        page = exposition(board.since_start(), board.recently(time.monotonic()), counts)
        return Response(page, content_type=CONTENT_TYPE_LATEST)


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)


class _Lateness(Collector):
    def __init__(self, since_start: Lateness, recent: Lateness) -> None:
        self._since_start = since_start
        self._recent = recent

    def collect(self) -> Iterator[Metric]:
        counts = self._since_start
        buckets = [(str(bound), float(counts.at_most(bound))) for bound in _BOUNDS]
        yield HistogramMetricFamily(
            "mockllm_token_lateness_seconds",
            "How long after its due time a token left",
            buckets=[*buckets, ("+Inf", float(counts.count))],
            sum_value=counts.total_seconds,
        )
        recent = GaugeMetricFamily(
            "mockllm_recent_token_lateness_seconds",
            f"The same over the last {WINDOW_SECONDS} seconds; quantile 1 is the worst",
            labels=["quantile"],
        )
        for name, share in _QUANTILES.items():
            recent.add_metric([name], self._recent.quantile(share))
        yield recent


class _Counted(Collector):
    def __init__(self, counts: Iterable[Count]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        families = {
            name: CounterMetricFamily(f"mockllm_{name}", told, labels=["path", "model", label])
            for name, (told, label) in _COUNTED.items()
        }
        for count in self._counts:
            families[count.name].add_metric([count.path, count.model, count.label], float(count.value))
        yield from families.values()


def exposition(since_start: Lateness, recent: Lateness, counts: Iterable[Count] = ()) -> bytes:
    """Write the metrics page."""
    registry = CollectorRegistry()
    registry.register(_Lateness(since_start, recent))
    registry.register(_Counted(counts))
    return generate_latest(registry)
