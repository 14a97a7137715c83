from dataclasses import replace

from rich.console import Console

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
TABLES = """\
Seconds until the user sees text, and until all of it: median (range)
 mode        asked            first text   app adds                 total   app adds
─────────────────────────────────────────────────────────────────────────────────────
 blocking    mock    7.000 (7.000–7.000)              7.000 (7.000–7.000)
 blocking    app     7.020 (7.020–7.020)   +20.0 ms   7.020 (7.020–7.020)   +20.0 ms
 streaming   mock    1.000 (1.000–1.000)              7.000 (7.000–8.000)
 streaming   app     1.004 (1.004–1.008)    +4.0 ms   7.030 (7.010–8.010)   +10.0 ms
Mean of one answer, as its reader gets it, and the CPU milliseconds it costs
 mode        asked   texts     bytes   packets   CPU app   CPU mock   CPU reader
─────────────────────────────────────────────────────────────────────────────────
 blocking    mock        1     6,000         2       200        100           50
 blocking    app         1     5,000         ?       200        100           50
 streaming   mock      800   300,000       801       200        100           50
 streaming   app       790    40,000       795       200        100           50
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
    assert replace(streamed, first_text_added=0, total_added=0) == Summary(
        mode="streaming",
        target="app",
        first_text=Spread(1.004, 1.004, 1.008),
        total=Spread(7.03, 7.01, 8.01),
        first_text_added=0,
        total_added=0,
        texts=790,
        bytes=40_000,
        segments=795,
        cpu_milliseconds={"app": 200.0, "mock": 100.0, "reader": 50.0},
    )


def test_what_the_app_adds_is_taken_round_by_round() -> None:
    mock, app = summaries(ROUNDS)[2:]
    assert (mock.first_text_added, mock.total_added) == (0, 0)
    assert (round(app.first_text_added, 6), round(app.total_added, 6)) == (0.004, 0.01)


def test_a_count_that_nobody_took_is_left_open() -> None:
    assert summaries(ROUNDS)[1].segments is None


def test_the_bars() -> None:
    found = summaries([*ROUNDS[:3], replace(THROUGH, first_text_seconds=1.021, total_seconds=7.15)])
    assert checks(found) == [
        Check("streaming adds +2.14% to the mock's total (limit 2%)", holds=False),
        Check("streaming adds +21.0 ms to the mock's first text (limit 20 ms)", holds=False),
    ]
    assert [check.holds for check in checks(summaries(ROUNDS))] == [True, True]


def test_the_tables() -> None:
    console = Console(width=100, color_system=None)
    with console.capture() as printed:
        console.print(waits(summaries(ROUNDS)), costs(summaries(ROUNDS)))
    assert "\n".join(line.rstrip() for line in printed.get().splitlines()) + "\n" == TABLES


def test_the_mock_is_asked_right_before_the_app() -> None:
    assert [(arm.target, arm.mode) for arm in ARMS] == [
        ("mock", "blocking"),
        ("app", "blocking"),
        ("mock", "streaming"),
        ("app", "streaming"),
    ]
