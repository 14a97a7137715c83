"""Locust's statistics: what goes into them beside its own rows of requests, for its page and its console.

They are logged past the request event, so that `Aggregated` and the charts count answers only.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence

import locust.stats
from flask import Response, request
from locust.env import Environment
from locust.stats import RequestStats
from msgspec.structs import asdict

from loadtests.load.processes.live import Live
from loadtests.load.processes.records import Record
from loadtests.load.report import Row
from loadtests.load.summary import CLIENT, needed, times
from loadtests.measuring import percentile_of_counts

LAG = "LAG"
TAB = "live"
COLUMNS = {
    "rate": "Answers a second",
    "open": "Open streams",
    "ttft_p50_ms": "TTFT p50 (ms)",
    "ttft_p95_ms": "TTFT p95 (ms)",
    "failures": "Failures",
}


def refine_buckets() -> None:
    """Have Locust keep times to 0.1 ms below 100 ms and to three digits above, in this process."""
    locust.stats.bucket_response_time = _bucket  # type: ignore[assignment]  # whole ms by annotation only


def _bucket(milliseconds: float) -> float:
    if milliseconds < 100:
        return round(milliseconds, 1)
    return float(f"{milliseconds:.3g}")


def live_tab(environment: Environment) -> Callable[[Live], None]:
    """Add a tab to Locust's page, if it has one; takes what it is to show."""
    shown = Live()

    def show(live: Live) -> None:
        nonlocal shown
        shown = live

    def extend(response: Response) -> Response:
        if request.path.endswith("/stats/requests") and response.is_json:
            told = {**response.get_json(), "extended_stats": [{"key": TAB, "data": [asdict(shown)]}]}
            response.set_data(json.dumps(told))
        return response

    if environment.web_ui and environment.web_ui.app:
        structure = [{"key": key, "title": title} for key, title in COLUMNS.items()]
        environment.web_ui.template_args |= {
            "extended_tabs": [{"title": "Live", "key": TAB}],
            "extended_tables": [{"key": TAB, "structure": structure}],
        }
        environment.web_ui.app.after_request(extend)
    return show


def log_parts(stats: RequestStats, record: Record) -> None:
    """Log the parts of a right answer's time; its total is the request's own row."""
    for metric, values in times(record).items():
        if metric != "total" and values:
            log(stats, record.mode, metric, values)


def log(stats: RequestStats, name: str, metric: str, seconds: Sequence[float]) -> None:
    """What Locust's own `log` does for one time after the other, for all in one: an answer has hundreds."""
    entry, now = stats.get(name, metric), time.time()
    milliseconds = [each * 1000 for each in seconds]
    least = entry.min_response_time
    entry.num_requests += len(milliseconds)
    entry.num_reqs_per_sec[int(now)] += len(milliseconds)
    entry.last_request_timestamp = now
    entry.total_response_time += sum(milliseconds)  # type: ignore[assignment]  # int by annotation only
    entry.min_response_time = min(milliseconds if least is None else (least, *milliseconds))  # type: ignore[assignment]
    entry.max_response_time = max(entry.max_response_time, *milliseconds)  # type: ignore[assignment]
    for each in milliseconds:
        entry.response_times[_bucket(each)] += 1  # type: ignore[index]


def lag(stats: RequestStats) -> Row | None:
    """How late the event loops of the load generators ran."""
    entry = stats.entries.get((CLIENT, LAG))
    if entry is None or not entry.response_times:
        return None
    longest = round(float(entry.max_response_time), 1)
    # A bucket's name can be rounded to more than any time in it.
    counts = Counter[float]()
    for bucket, count in entry.response_times.items():
        counts[min(float(bucket), longest)] += count
    p50, p95, p99 = (
        percentile_of_counts(counts, share) if counts.total() >= needed(share) else None
        for share in (0.50, 0.95, 0.99)
    )
    return Row(CLIENT, LAG, counts.total(), p50, p95, p99, longest)
