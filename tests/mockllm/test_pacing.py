import pytest

from mockllm.essay import FOUNDING_ESSAY
from mockllm.pacing import PROFILES, Lateness, Pace, due, total_seconds
from mockllm.tokens import count_tokens


def test_due_times_are_absolute() -> None:
    assert [due(Pace(0.5, 0.02), token) for token in (0, 1, 100)] == [0.5, 0.52, 2.5]


def test_the_founding_essay_takes_its_founding_time() -> None:
    pace = PROFILES["founding"]
    assert due(pace, 0) == 1.03
    assert total_seconds(pace, count_tokens(FOUNDING_ESSAY)) == pytest.approx(7.31)


def test_an_empty_answer_takes_the_time_to_its_first_token() -> None:
    assert total_seconds(Pace(0.5, 0.02), 0) == 0.5


def test_lateness_quantiles() -> None:
    lateness = Lateness()
    assert lateness.quantile(0.99) == 0.0
    for milliseconds in range(100):
        lateness.record(milliseconds / 1000 + 0.00005)
    assert lateness.quantile(0.5) == pytest.approx(0.0491)
    assert lateness.quantile(0.99) == pytest.approx(0.0981)


def test_lateness_out_of_range_falls_into_the_ends() -> None:
    lateness = Lateness()
    lateness.record(-1)
    lateness.record(3600)
    assert (lateness.buckets[0], lateness.buckets[-1]) == (1, 1)
