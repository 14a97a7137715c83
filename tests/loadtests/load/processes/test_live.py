"""What is seen of a run while it goes on."""

from pathlib import Path

from loadtests.chat import Timing
from loadtests.load.processes.live import WINDOW, Live, Watch, line, write
from loadtests.load.processes.records import RIGHT, Record

TIMING = Timing(ttfb=0.0, ttft=0.3, itl=(), tpot=None, total=0.5)


def records(count: int, outcome: str = RIGHT) -> list[Record]:
    return [
        Record(
            request_id="a", mode="m", outcome=outcome, sent=0.0, timing=TIMING if outcome == RIGHT else None
        )
        for _ in range(count)
    ]


def test_rate_and_times_are_of_the_last_seconds_and_failures_of_all() -> None:
    watch, ended = Watch(), records(3, "stalled")
    assert watch.look(ended, 5, 0.0) == Live(open=2, failures=3)
    for second in range(1, 3 * WINDOW):
        ended += records(8)
        watch.look(ended, len(ended) + 4, float(second))
    assert watch.seen == Live(rate=8.0, open=4, ttft_p50_ms=300.0, ttft_p95_ms=300.0, failures=3)


def test_a_run_that_begins_anew_is_seen_anew() -> None:
    watch = Watch()
    watch.look(records(9, "stalled"), 9, 0.0)
    assert watch.look(records(1), 2, 1.0) == Live(open=1)
    assert watch.look(records(3), 3, 2.0).rate == 2.0


def test_another_process_reads_it_as_a_line(tmp_path: Path) -> None:
    path = tmp_path / "live.json"
    assert line(path) == ""
    write(Live(rate=12.34, open=5, ttft_p50_ms=301.25, failures=2), path)
    assert line(path) == "12.3 answers/s, 5 open, TTFT 301.2 ms (p50), – (p95), 2 failures"
    assert list(tmp_path.iterdir()) == [path]
