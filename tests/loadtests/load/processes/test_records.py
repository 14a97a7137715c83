from typing import Any

from loadtests.chat import Timing
from loadtests.load.processes.generator import Generator
from loadtests.load.processes.records import RIGHT, Record, Records

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
    alone = master.worst()
    assert alone is None or alone.busy >= 0
    for name, busy in (("one", 0.9), ("two", 0.2), ("one", 0.7)):
        master.take(name, {"generator": {"busy": busy, "queued": 1 - busy, "stolen": 0.0}})
    worst = master.worst()
    assert worst
    assert (worst.busy, worst.queued) == (0.7, 0.8)
