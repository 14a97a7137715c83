import os

import pytest

from mockllm.timing.lateness import LatenessBoard


def test_quantiles() -> None:
    board = LatenessBoard()
    assert board.recently(50.0).quantile(0.99) == 0.0
    slot = board.slot(0)
    for milliseconds in range(100):
        slot.record(milliseconds / 1000 + 0.00005, 50.0)
    recent = board.recently(50.5)
    assert recent.quantile(0.5) == pytest.approx(0.0491)
    assert recent.quantile(0.99) == pytest.approx(0.0981)
    assert recent.quantile(1) == recent.worst == pytest.approx(0.09905)
    assert recent.at_most(0.05) == 50


def test_lateness_out_of_range_falls_into_the_ends() -> None:
    board = LatenessBoard()
    slot = board.slot(0)
    slot.record(-1, 50.0)
    slot.record(3600, 50.0)
    recent = board.recently(50.0)
    assert (recent.buckets[0], recent.buckets[-1], recent.worst) == (1, 1, 3600)
    assert recent.quantile(1) == 3600


def test_what_is_older_than_ten_seconds_counts_no_more() -> None:
    board = LatenessBoard()
    slot = board.slot(0)
    for second in range(100, 130):
        slot.record(0.02, second + 0.5)
    assert board.recently(129.9).count == 11
    assert board.recently(135.0).count == 5
    assert board.recently(200.0).count == 0
    assert board.since_start().count == 30
    assert board.since_start().total_seconds == pytest.approx(0.6, abs=0.003)


def test_the_worst_of_a_second_goes_with_it() -> None:
    board = LatenessBoard()
    slot = board.slot(0)
    slot.record(0.09, 100.0)
    slot.record(0.01, 105.0)
    assert board.recently(105.0).worst == 0.09
    assert board.recently(112.0).worst == 0.01


def test_all_processes_count_on_one_board() -> None:
    board = LatenessBoard(slots=3)
    children = []
    for index in range(3):
        child = os.fork()
        if not child:
            slot = board.slot(index)
            for _ in range(10 * (index + 1)):
                slot.record(0.001 * (index + 1), 100.0)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    assert (board.recently(100.0).count, board.recently(100.0).worst) == (60, 0.003)
