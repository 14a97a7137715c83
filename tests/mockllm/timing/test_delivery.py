import pytest

from mockllm.timing.delivery import Delivery, Record
from mockllm.timing.lateness import LatenessBoard


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("mockllm.timing.delivery.time.monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def board() -> LatenessBoard:
    return LatenessBoard()


@pytest.fixture
def record(board: LatenessBoard) -> Record:
    return Record(Delivery(100.0), board.slot(0))


def test_each_token_of_a_write_counts(clock: Clock, record: Record, board: LatenessBoard) -> None:
    clock.now = 100.502
    record.sent(100.5, 3)
    delivery = record.delivery
    assert (list(delivery.due_times), list(delivery.token_times)) == ([100.5] * 3, [100.502] * 3)
    assert list(delivery.late_seconds) == pytest.approx([0.002] * 3)
    assert board.since_start().count == 3


def test_what_carries_no_token_is_not_counted(clock: Clock, record: Record, board: LatenessBoard) -> None:
    record.sent(100.0, 0)
    record.offered(100.0, 100.0)
    record.sent_at_last(100.0, 0)
    assert board.since_start().count == 0


def test_the_wait_for_a_reader_is_the_readers(clock: Clock, record: Record) -> None:
    record.offered(100.1, 100.101)
    clock.now = 102.0
    record.sent_at_last(100.1, 1)
    record.sent(100.2, 1)
    clock.now = 102.5
    record.sent(102.4, 1)
    delivery = record.delivery
    assert list(delivery.token_times) == [102.0, 102.0, 102.5], "when the kernel had them"
    assert list(delivery.late_seconds) == pytest.approx([0.001, 0.0, 0.1])


def test_of_tokens_due_at_once_only_the_first_can_be_late(clock: Clock, record: Record) -> None:
    clock.now = 100.003
    record.sent(100.0, 10)
    clock.now = 100.3
    record.sent(100.0, 10)
    assert list(record.delivery.late_seconds) == pytest.approx([0.003] * 10 + [0.0] * 10)
