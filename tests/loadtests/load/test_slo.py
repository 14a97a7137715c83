from dataclasses import replace

import pytest

from loadtests.load.report import NOTHING, Report, Row
from loadtests.load.slo import breaches, doubts, exit_code

GOOD = replace(NOTHING, asked=5, right=5, client_lag=Row("load generator", "LAG", 100, 0.1, 1.0, 10.0, 99.0))


def test_right_answers_pass() -> None:
    assert (breaches(GOOD), doubts(GOOD), exit_code(GOOD)) == ([], [], 0)


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        (NOTHING, "no answer was made"),
        (replace(GOOD, wrong=2), "2 of 7 answers were wrong"),
        (replace(GOOD, asked=45, right=42, unfinished=3), "3 of 45 answers were unfinished"),
        (replace(GOOD, crashes=1), "the load test itself raised exceptions"),
    ],
)
def test_anything_else_fails(report: Report, reason: str) -> None:
    assert (breaches(report), exit_code(report)) == ([reason], 1)


def test_a_late_load_generator_is_in_doubt_but_passes() -> None:
    late = replace(GOOD, client_lag=Row("load generator", "LAG", 100, 0.1, 1.0, 10.1, 99.0))
    assert (len(doubts(late)), exit_code(late)) == (1, 0)
    assert "p99 10.1 ms" in doubts(late)[0]
