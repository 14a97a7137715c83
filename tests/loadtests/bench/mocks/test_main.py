from loadtests.bench.mocks.__main__ import verdicts
from loadtests.bench.mocks.measure import Measurement


def row(
    mock: str, cost: float, *, late: float = 1.0, total: float = 5.0, saturated: bool = False
) -> Measurement:
    return Measurement(mock, 100, cost, total, 5.0, 0, late, saturated)


def met(*rows: Measurement, start: float = 0.5) -> list[bool]:
    return [is_met for _, is_met in verdicts(rows, start)]


def test_medians_are_held_against_the_limits() -> None:
    others = [row("aimock", cost) for cost in (40, 50, 90)]
    assert met(*others, *(row("mockllm", cost) for cost in (20, 30, 99))) == [True, True, True, True]
    assert met(*others, row("mockllm", 31), start=1.5) == [False, True, True, False]


def test_a_late_mock_must_say_so() -> None:
    other = row("aimock", 50)
    assert met(other, row("mockllm", 20, late=9, total=5.1)) == [True, False, False, True]
    assert met(other, row("mockllm", 20, late=9, total=5.1, saturated=True)) == [True, True, True, True]
