"""Each thing that may disturb a measurement, planted one at a time."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from loadtests.bench.verdict import disturbances
from tests.loadtests.bench.measured import QUIET


def test_a_quiet_machine_disturbs_nothing() -> None:
    assert disturbances(QUIET, gap_ms=20) == ()


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ({"stolen_share": 0.03}, "3.0% of the machine's time stolen"),
        ({"queued_share": 0.4}, "waited for a core 40.0% of the time"),
        ({"client_busy_share": 0.95}, "client busy 95% of the time"),
        ({"upstream_late_p99_ms": 13.0}, "upstream late by 13 ms at p99"),
        ({"tokens_per_read": 1.9}, "1.90 tokens a read"),
    ],
)
def test_each_disturbance_is_found_and_named(planted: dict[str, float], said: str) -> None:
    assert disturbances(replace(QUIET, **planted), gap_ms=20) == (said,)


def test_a_stack_that_fills_its_core_may_let_tokens_go_together() -> None:
    assert disturbances(replace(QUIET, tokens_per_read=1.9, cpu_share=0.99), gap_ms=20) == ()


def test_what_cannot_be_known_disturbs_nothing() -> None:
    assert disturbances(replace(QUIET, queued_share=math.nan), gap_ms=20) == ()
