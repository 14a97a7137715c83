"""The figures that Prometheus reads, named after OpenTelemetry's conventions for generative AI.

https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-metrics.md; the
buckets are those it asks for. Where `PROMETHEUS_MULTIPROC_DIR` is set before this module is imported, as
gunicorn.conf.py does, each worker keeps its values in a file there, and any of them answers for all.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, values
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector

from webapp.observing.process import process_id

if TYPE_CHECKING:
    from webapp.observing.answer_record import AnswerRecord

if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    # Each change of a value looks whether the process has forked, by default with a system call.
    values.ValueClass = values.MultiProcessValue(process_id)  # type: ignore[no-untyped-call]

Metric = TypeVar("Metric", Counter, Histogram)

_REGISTRY: Final = CollectorRegistry()

REQUEST_DURATION: Final = Histogram(
    "gen_ai_server_request_duration_seconds",
    "From the arrival of a chat request to the end of its answer; refused requests do not count.",
    ["gen_ai_request_model", "error_type"],
    buckets=(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92),
    registry=_REGISTRY,
)
TIME_TO_FIRST_TOKEN: Final = Histogram(
    "gen_ai_server_time_to_first_token_seconds",
    "From the arrival of a chat request to the first text of its streamed answer, whatever became of it.",
    ["gen_ai_request_model"],
    buckets=(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10),
    registry=_REGISTRY,
)
TIME_PER_OUTPUT_TOKEN: Final = Histogram(
    "gen_ai_server_time_per_output_token_seconds",
    "Mean time between the tokens of an answer that the model ended, after the first.",
    ["gen_ai_request_model"],
    buckets=(0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5),
    registry=_REGISTRY,
)
TOKEN_USAGE: Final = Histogram(
    "gen_ai_client_token_usage",
    "Tokens that the upstream reported for an answer: input, output, and the reasoning among them.",
    ["gen_ai_request_model", "gen_ai_token_type"],
    buckets=tuple(4**power for power in range(14)),
    registry=_REGISTRY,
)
CHATS: Final = Counter(
    "chat_requests",
    "Chat requests by who ended them: model, client, deadline, shutdown, upstream, us or refused.",
    ["ended_by", "error_type"],
    registry=_REGISTRY,
)
OPEN_ANSWERS: Final = Gauge(
    "chat_open_answers",
    "Answers that are being written, streamed or not.",
    multiprocess_mode="livesum",
    registry=_REGISTRY,
)


# It makes texts of its values each time; here they are a few names and codes.
@lru_cache(maxsize=1000)
def _of(metric: Metric, *values: str) -> Metric:
    return metric.labels(*values)


def count_answer(answer: AnswerRecord, model_group: str, seconds: float) -> None:
    """Count an answer that has ended, `seconds` after its request came."""
    _of(REQUEST_DURATION, model_group, answer.error_code or "").observe(seconds)
    if answer.first_token_seconds is not None:
        _of(TIME_TO_FIRST_TOKEN, model_group).observe(answer.first_token_seconds)
    if answer.seconds_per_output_token is not None:
        _of(TIME_PER_OUTPUT_TOKEN, model_group).observe(answer.seconds_per_output_token)
    if answer.done and answer.done.usage:
        _of(TOKEN_USAGE, model_group, "input").observe(answer.done.usage.prompt_tokens)
        _of(TOKEN_USAGE, model_group, "output").observe(answer.done.usage.completion_tokens)
        if answer.done.usage.reasoning_tokens:
            _of(TOKEN_USAGE, model_group, "reasoning").observe(answer.done.usage.reasoning_tokens)


def count_request(ended_by: str, error_code: str | None) -> None:
    """Count a chat request that has ended, be it that it was refused."""
    _of(CHATS, ended_by, error_code or "").inc()


def exposition(accept: str) -> tuple[bytes, str]:
    """Return all figures in the format that an `Accept` header prefers, and its content type."""
    encode, content_type = choose_encoder(accept)
    return encode(_registry()), content_type


def _registry() -> CollectorRegistry:
    all_processes = CollectorRegistry()
    try:
        MultiProcessCollector(all_processes)  # type: ignore[no-untyped-call]  # not annotated
    except ValueError:
        # No directory: this process is the only one.
        return _REGISTRY
    return all_processes
