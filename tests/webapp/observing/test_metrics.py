"""The figures of one process, counted from records, and their names and buckets as the conventions have them."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.webapp.observing.test_answer_record import DONE, START, seen
from webapp.chat.errors import NotReadyError
from webapp.chat.events import Delta, Failure
from webapp.observing import metrics


def figures(group: str) -> dict[tuple[str, ...], float]:
    """The sums and counts of one group of models, by name and other labels."""
    text = metrics.exposition("")[0].decode()
    return {
        (
            sample.name,
            *sorted(value for label, value in sample.labels.items() if value not in ("", group)),
        ): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if group in sample.labels.values() and sample.name.endswith(("_sum", "_count"))
    }


def test_a_whole_answer_counts_everywhere() -> None:
    metrics.count_answer(seen(START, Delta("a"), DONE), "whole*", 1.5)
    assert figures("whole*") == {
        ("gen_ai_server_request_duration_seconds_count",): 1,
        ("gen_ai_server_request_duration_seconds_sum",): 1.5,
        ("gen_ai_server_time_to_first_token_seconds_count",): 1,
        ("gen_ai_server_time_to_first_token_seconds_sum",): 1.0,
        ("gen_ai_server_time_per_output_token_seconds_count",): 1,
        ("gen_ai_server_time_per_output_token_seconds_sum",): 0.1,
        ("gen_ai_client_token_usage_count", "input"): 1,
        ("gen_ai_client_token_usage_sum", "input"): 3,
        ("gen_ai_client_token_usage_count", "output"): 1,
        ("gen_ai_client_token_usage_sum", "output"): 11,
    }


@pytest.mark.parametrize(
    ("group", "events", "error", "first_tokens"),
    [
        ("failed", [START, Delta("a"), Failure("upstream_timeout", "", True, "r")], None, 1),
        ("left", [START, Delta("a")], GeneratorExit(), 1),
        ("left before", [START], GeneratorExit(), 0),
        ("not ready", [], NotReadyError("not_configured", ""), 0),
    ],
)
def test_an_answer_that_broke_off_has_a_duration_and_perhaps_a_first_token(
    group: str, events: list[object], error: BaseException | None, first_tokens: int
) -> None:
    record = seen(*events, error=error)  # type: ignore[arg-type]  # events of any kind
    metrics.count_answer(record, group, 0.5)
    found = figures(group)
    assert found.pop(("gen_ai_server_request_duration_seconds_count", record.error_code or "")) == 1
    assert found.pop(("gen_ai_server_request_duration_seconds_sum", record.error_code or "")) == 0.5
    assert found.pop(("gen_ai_server_time_to_first_token_seconds_count",), 0) == first_tokens
    assert set(found) <= {("gen_ai_server_time_to_first_token_seconds_sum",)}


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", "text/plain"),
        ("*/*", "text/plain"),
        ("rubbish;;;q=x,,", "text/plain"),
        ("application/openmetrics-text;version=1.0.0,text/plain;q=0.5", "application/openmetrics-text"),
    ],
)
def test_the_format_is_negotiated(accept: str, content_type: str) -> None:
    assert metrics.exposition(accept)[1].startswith(content_type)
