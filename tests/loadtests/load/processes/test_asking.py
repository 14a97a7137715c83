"""What was asked for is counted when it is asked, in one process and in several."""

from loadtests.load.processes.asking import Asking


def asked(counts: Asking, times: int) -> None:
    for _ in range(times):
        with counts.answer():
            pass


def test_an_answer_counts_before_it_has_come() -> None:
    counts = Asking()
    with counts.answer():
        assert counts.total == 1
    assert counts.total == 1


def test_a_master_has_what_its_workers_report_once() -> None:
    master, workers = Asking(), (Asking(), Asking())
    for number in (3, 4):
        for worker in workers:
            data: dict[str, int] = {}
            asked(worker, number)
            worker.report(data)
            master.take(data)
    assert master.total == 14


def test_a_run_begins_with_what_is_under_way() -> None:
    counts = Asking()
    asked(counts, 5)
    with counts.answer():
        counts.begin()
    assert counts.total == 1
