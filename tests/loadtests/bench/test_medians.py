"""What rounds add up to, the disturbed and the incomplete among them."""

from __future__ import annotations

import math
from dataclasses import replace

from loadtests.bench.contenders import NGINX, OURS
from loadtests.bench.medians import medians
from tests.loadtests.bench.measured import measured


def test_the_median_of_each_figure_and_the_sum_of_failures() -> None:
    rounds = [measured(OURS, cpu=cpu, failures={"reset": 1}) for cpu in (30.0, 50.0, 31.0)]

    assert medians([*rounds, measured(NGINX)]) == (
        measured(OURS, cpu=31.0, failures={"reset": 3}),
        measured(NGINX),
    )


def test_each_client_has_a_row_of_its_own() -> None:
    rows = medians([measured(OURS, cpu=30.0), measured(OURS, cpu=20.0, client="awake")])

    assert [(row.client, row.cpu_us_per_token_with_requests) for row in rows] == [
        ("asleep", 30.0),
        ("awake", 20.0),
    ]


def test_a_disturbed_round_is_refused_not_averaged() -> None:
    rounds = [
        measured(OURS, cpu=30.0),
        measured(OURS, cpu=9.0, disturbances=("load",), failures={"reset": 1}),
    ]

    assert medians(rounds) == (measured(OURS, cpu=30.0, failures={"reset": 1}),)


def test_if_all_were_disturbed_there_is_no_figure_and_the_reasons_are_kept() -> None:
    (row,) = medians(
        [measured(OURS, cpu=9.0, disturbances=("load", "steal")), measured(OURS, disturbances=("load",))]
    )

    assert math.isnan(row.cpu_us_per_token_with_requests)
    assert math.isnan(row.first_token_p99_ms)
    assert row.disturbances == ("load", "steal")


def test_a_figure_that_one_round_could_not_give_is_none() -> None:
    rounds = [measured(OURS), replace(measured(OURS), cpu_us_per_token=math.nan)]
    (row,) = medians(rounds)

    assert math.isnan(row.cpu_us_per_token)
    assert row.cpu_us_per_token_with_requests == 10.0
