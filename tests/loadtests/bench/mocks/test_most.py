"""The search on mocks whose edge is known, and each way to miss what is promised."""

from dataclasses import replace

from loadtests.bench.mocks.measure import Measurement
from loadtests.bench.mocks.most import FIRST_STREAMS, Found, search, verdicts

RIGHT = Measurement(
    "mockllm", 100, 15, 5.0, 5.0, 0, lateness_p99_ms=2.0, is_saturated=False, tokens_per_second=5100.0
)


def carrying(edge: int, looks: list[int], **beyond: object) -> Found:
    def look(streams: int) -> Measurement:
        looks.append(streams)
        came = replace(RIGHT, streams=streams, tokens_per_second=50.0 * streams)
        late = {"lateness_p99_ms": 40.0, "is_saturated": True, **beyond}
        return came if streams <= edge else replace(came, **late)

    return search(look)


def test_the_edge_is_found_to_a_tenth() -> None:
    looks: list[int] = []
    found = carrying(700, looks)
    assert found.carried
    assert found.missed
    assert 630 < found.carried.streams <= 700 < found.missed.streams < 770
    assert looks[:4] == [FIRST_STREAMS, 2 * FIRST_STREAMS, 4 * FIRST_STREAMS, 8 * FIRST_STREAMS]
    assert len(looks) < 9
    assert [code for code, _ in verdicts(found, 2, cores=4)] == [0, 0]


def test_a_mock_that_carries_nothing_or_everything_ends_the_search() -> None:
    assert carrying(0, []).carried is None
    assert carrying(10**6, []).missed is None


def test_what_is_promised_and_missed_is_said() -> None:
    slow = carrying(60, [])
    assert [code for code, _ in verdicts(slow, 1, cores=4)] == [1, 0]
    assert [code for code, _ in verdicts(slow, 1, cores=1)] == [4, 0], "the load has no core of its own"
    silent = carrying(700, [], is_saturated=False)
    assert [code for code, _ in verdicts(silent, 1, cores=4)] == [0, 1]
    wrong = carrying(60, [], lateness_p99_ms=1.0, failures=1)
    assert [code for code, _ in verdicts(wrong, 1, cores=4)] == [1, 0]


def test_what_was_disturbed_says_nothing() -> None:
    found = search(lambda streams: RIGHT if streams == FIRST_STREAMS else None)
    assert [code for code, _ in verdicts(found, 1, cores=4)] == [0]
    assert [code for code, _ in verdicts(found, 2, cores=4)] == [4]
