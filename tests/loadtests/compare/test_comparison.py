from dataclasses import astuple, replace

from rich.console import Console

from loadtests.compare.__main__ import shuffled
from loadtests.compare.comparison import Check, Spread, Summary, checks, costs, summaries, waits
from loadtests.compare.founding import ARMS, Sample

CPU = {"app": 0.2, "mock": 0.1, "reader": 0.05}
DIRECT = Sample("mock", "streaming", 1.0, 7.0, 800, 300_000, 801, CPU)
THROUGH = Sample("app", "streaming", 1.004, 7.01, 790, 40_000, 795, CPU)
BLOCKED = Sample("mock", "blocking", 7.0, 7.0, 1, 6_000, 2, CPU)
BLOCKED_THROUGH = Sample("app", "blocking", 7.02, 7.02, 1, 5_000, None, CPU)
ROUNDS = [
    *(BLOCKED, BLOCKED_THROUGH, DIRECT, THROUGH),
    # A round in which everything was late: the app added no more than in the first.
    *(BLOCKED, BLOCKED_THROUGH, replace(DIRECT, total_seconds=8.0), replace(THROUGH, total_seconds=8.01)),
    *(BLOCKED, BLOCKED_THROUGH, DIRECT, replace(THROUGH, total_seconds=7.03, first_text_seconds=1.008)),
]
NOTHING = Spread(0, 0, 0)
TABLES = """\
Seconds until the user sees text, and until all of it: median (95 % interval)
 mode        asked            first text          app adds, ms                 total          app adds, ms
───────────────────────────────────────────────────────────────────────────────────────────────────────────
 blocking    mock    7.000 (7.000–7.000)                         7.000 (7.000–7.000)
 blocking    app     7.020 (7.020–7.020)   +20.0 (+20.0–+20.0)   7.020 (7.020–7.020)   +20.0 (+20.0–+20.0)
 streaming   mock    1.000 (1.000–1.000)                         7.000 (7.000–8.000)
 streaming   app     1.004 (1.004–1.008)      +4.0 (+4.0–+8.0)   7.030 (7.010–8.010)   +10.0 (+10.0–+30.0)
Mean of one answer, as its reader gets it, and the CPU milliseconds it costs
 mode        asked   texts     bytes   packets   CPU app   CPU mock   CPU reader
─────────────────────────────────────────────────────────────────────────────────
 blocking    mock        1     6,000         2     200.0      100.0         50.0
 blocking    app         1     5,000         ?     200.0      100.0         50.0
 streaming   mock      800   300,000       801     200.0      100.0         50.0
 streaming   app       790    40,000       795     200.0      100.0         50.0
"""


def test_every_way_of_asking_is_summed_up_over_the_rounds() -> None:
    found = summaries(ROUNDS)
    assert [(each.mode, each.target) for each in found] == [
        ("blocking", "mock"),
        ("blocking", "app"),
        ("streaming", "mock"),
        ("streaming", "app"),
    ]
    streamed = found[3]
    assert replace(streamed, first_text_added=NOTHING, total_added=NOTHING) == Summary(
        mode="streaming",
        target="app",
        first_text=Spread(1.004, 1.004, 1.008),
        total=Spread(7.03, 7.01, 8.01),
        first_text_added=NOTHING,
        total_added=NOTHING,
        texts=790,
        bytes=40_000,
        segments=795,
        cpu_milliseconds={"app": 200.0, "mock": 100.0, "reader": 50.0},
    )


def test_what_the_app_adds_is_taken_round_by_round() -> None:
    mock, app = summaries(ROUNDS)[2:]
    assert (mock.first_text_added, mock.total_added) == (NOTHING, NOTHING)
    assert [round(each, 6) for each in astuple(app.first_text_added)] == [0.004, 0.004, 0.008]
    assert [round(each, 6) for each in astuple(app.total_added)] == [0.01, 0.01, 0.03]


def test_a_count_that_nobody_took_is_left_open() -> None:
    assert summaries(ROUNDS)[1].segments is None


def test_the_bars_are_held_against_the_upper_end() -> None:
    close = [replace(THROUGH, total_seconds=7.001), replace(THROUGH, total_seconds=7.002)]
    rounds = [each for through in close for each in (BLOCKED, BLOCKED_THROUGH, DIRECT, through)]
    assert [check.holds for check in checks(summaries(rounds))] == [True, True]

    late = replace(THROUGH, first_text_seconds=1.011, total_seconds=7.015)
    assert checks(summaries([*rounds, BLOCKED, BLOCKED_THROUGH, DIRECT, late])) == [
        Check("streaming adds +0.03% (at most +0.21%) to the mock's total (limit 0.2%)", holds=False),
        Check("streaming adds +4.0 (+4.0–+11.0) ms to the mock's first text (limit 10 ms)", holds=False),
    ]


def test_the_tables() -> None:
    console = Console(width=110, color_system=None)
    with console.capture() as printed:
        console.print(waits(summaries(ROUNDS)), costs(summaries(ROUNDS)))
    assert "\n".join(line.rstrip() for line in printed.get().splitlines()) + "\n" == TABLES


def test_the_order_changes_and_each_way_comes_once_a_round() -> None:
    asked = list(shuffled(6))
    rounds = [tuple(asked[at : at + 4]) for at in range(0, len(asked), 4)]
    assert all({*each} == {*ARMS} for each in rounds)
    assert len({*rounds}) > 1
    assert list(shuffled(6)) == asked
