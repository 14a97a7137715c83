from loadtests.bench.mocks.contenders import OURS, Streams
from loadtests.bench.mocks.measure import measure


def test_our_mock_under_a_small_load() -> None:
    measured = measure(OURS, Streams(5, 30, 10))
    assert (measured.failures, measured.planned_seconds) == (0, 0.29)
    assert measured.cpu_us_per_token > 0
    assert measured.total_seconds > 0.2
    assert measured.lateness_p99_ms is not None
