"""What the app is held to: like for like, with both clients, and not met where it cannot be computed."""

from __future__ import annotations

import math

from loadtests.bench.bars import table_bars
from loadtests.bench.contenders import DIRECT, FASTAPI, NGINX, OURS
from loadtests.bench.report import Bar
from tests.loadtests.bench.measured import measured

STACKS = (DIRECT, NGINX, OURS, FASTAPI)


def test_costs_are_compared_with_requests() -> None:
    rows = [
        measured(DIRECT),
        measured(NGINX, cpu=10),
        measured(OURS, cpu=36),
        # Its window was never open: the figure while all are open would flatter the app.
        measured(FASTAPI, cpu=180, cpu_us_per_token=math.nan),
    ]

    assert [(bar.limit, bar.value, bar.met) for bar in table_bars(rows, [100], STACKS, ["asleep"])] == [
        (1 / 5, 0.2, True),
        (3.5, 3.6, False),
        (1.01, 1.0, True),
    ]


def test_both_clients_gate() -> None:
    rows = [
        measured(each, cpu=cpu, client=client)
        for each, cpu, client in (
            (OURS, 20, "awake"),
            (NGINX, 10, "awake"),
            (OURS, 40, "asleep"),
            (NGINX, 10, "asleep"),
        )
    ]
    bars = table_bars(rows, [100], [OURS, NGINX], ["asleep", "awake"])

    assert [(bar.what, bar.met) for bar in bars] == [
        ("CPU per token, of nginx's, 100 streams, client asleep", False),
        ("CPU per token, of nginx's, 100 streams, client awake", True),
    ]


def test_a_bar_whose_rows_did_not_come_is_missed_and_says_so() -> None:
    bars = table_bars([measured(OURS)], [100], [OURS, NGINX], ["asleep"])

    assert [(bar.met, bar.said) for bar in bars] == [(False, "no row of nginx")]


def test_so_is_one_whose_rounds_were_all_disturbed() -> None:
    refused = measured(NGINX, cpu=math.nan, disturbances=("load",))
    (bar,) = table_bars([measured(OURS), refused], [100], [OURS, NGINX], ["asleep"])

    assert (bar.met, bar.said) == (False, "every round of nginx disturbed")


def test_what_nobody_asked_for_is_no_bar() -> None:
    assert table_bars([measured(OURS)], [100], [OURS], ["asleep"]) == []
    assert table_bars([measured(OURS), measured(NGINX)], [1], [OURS, NGINX], ["asleep"]) == []


def test_a_figure_that_could_not_be_got_meets_no_bar() -> None:
    assert not Bar("what", 1.0, math.nan).met
