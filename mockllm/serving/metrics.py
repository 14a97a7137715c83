"""What the mock says of itself in the format of Prometheus; all workers answer alike."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from mockllm.timing import WINDOW_SECONDS, Lateness

_BOUNDS = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.02, 0.05, 0.1)
_QUANTILES = {"0.5": 0.5, "0.99": 0.99, "1": 1.0}


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


def exposition(since_start: Lateness, recent: Lateness) -> bytes:
    """Write the metrics page."""
    registry = CollectorRegistry()
    registry.register(_Lateness(since_start, recent))
    return generate_latest(registry)
