import math
from typing import Any

import pytest

from loadtests.chat import Timing
from loadtests.load.processes import generator
from loadtests.load.processes.generator import Generator
from loadtests.load.processes.records import RIGHT, Record, Records
from loadtests.load.report import Observed
from loadtests.measuring import ProcessorTime

TIMING = Timing(ttfb=0.01, ttft=0.3, itl=(0.02, 0.04), tpot=None, total=0.5)
RECORD = Record(request_id="a", mode="/chat streaming", outcome=RIGHT, sent=10.0, due=9.0, timing=TIMING)


def test_a_master_has_what_its_workers_report_once() -> None:
    master, worker = Records(), Records()
    for _ in range(2):
        data: dict[str, Any] = {}
        worker.add(RECORD)
        worker.report(data)
        master.take(data)
    assert master.all == [RECORD, RECORD]
    worker.begin()
    assert worker.all == []


def test_the_worst_of_all_load_generators_counts() -> None:
    master = Generator()
    for name, busy in (("one", 0.9), ("two", 0.2), ("one", 0.7)):
        master.take(name, {"generator": {"busy": busy, "queued": 1 - busy, "stolen": 0.0}})
    worst = master.worst()
    assert worst
    assert (worst.busy, worst.queued) == (0.7, 0.8)


@pytest.mark.parametrize(
    ("cpu", "worst"),
    [(1.0, Observed(busy=0.25, queued=0.0625, stolen=0.1, wait_ms=25.0)), (math.nan, None)],
    ids=["with a kernel that says", "without"],
)
def test_a_run_without_workers_has_what_its_process_went_through(
    cpu: float, worst: Observed | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = iter([(7.0, 1.0, 0.5, 100, (5, 50)), (11.0, 1.0 + cpu, 0.75, 110, (15, 150))])

    def reading() -> generator._Reading:
        at, used, queued, turns, ticks = next(readings)
        return generator._Reading(at, used, queued, turns, ProcessorTime(*ticks))

    monkeypatch.setattr(generator, "_now", reading)
    assert Generator().worst() == worst
