"""The mocks' medians against what is promised, each way to break a promise planted."""

import math
from dataclasses import replace

from loadtests.bench.mocks.__main__ import verdicts
from loadtests.bench.mocks.measure import Measurement

OTHERS = [Measurement("aimock", 100, cost, 5.0, 5.0, 0) for cost in (40, 50, 90)]
OURS = Measurement("mockllm", 100, 20, 5.0, 5.0, 0, lateness_p99_ms=1.0, is_saturated=False)


def broken(*rows: Measurement, start: float = 0.5) -> list[str]:
    return [text.split(" (")[0] for text, is_met in verdicts([*OTHERS, *rows], start) if not is_met]


def test_medians_are_held_against_the_limits() -> None:
    assert broken(*(replace(OURS, cpu_us_per_token=cost) for cost in (20, 50, 99))) == []
    assert broken(replace(OURS, cpu_us_per_token=51), start=1.5) == [
        "a token costs 1.02 of aimock's",
        "first answer 1.50 s after the start",
    ]


def test_a_mock_that_is_late_has_to_say_so() -> None:
    late = replace(OURS, lateness_p99_ms=9.0, total_seconds=5.1)
    assert broken(replace(late, is_saturated=True)) == []
    assert broken(late) == ["lateness p99 9.0 ms", "1 rounds off their plan without a word of it"]


def test_failed_answers_are_no_answers() -> None:
    assert broken(replace(OURS, failures=3)) == ["3 answers failed"]


def test_what_cannot_be_had_keeps_no_promise() -> None:
    assert "lateness p99 nan ms" in broken(replace(OURS, lateness_p99_ms=math.nan))
    assert len(broken()) == 3
