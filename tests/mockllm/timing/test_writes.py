"""What leaves together, and what a token costs in calls: a count that no other process disturbs."""

import sys

from mockllm.timing.delivery import Delivery, Record
from mockllm.timing.lateness import LatenessBoard
from mockllm.timing.writes import writes_of
from mockllm.values import Send

CALLS_A_TOKEN = 10


def test_neighbours_of_the_same_due_time_share_a_write() -> None:
    sends = [Send(0.0, b"role", None), Send(0.5, b"a", 0), Send(0.5, b"b", 1), Send(0.7, b"end", None)]
    assert list(writes_of(sends, 10.0, chunked=True)) == [
        (10.0, b"4\r\nrole\r\n", 0),
        (10.5, b"2\r\nab\r\n", 2),
        (10.7, b"3\r\nend\r\n", 0),
    ]
    assert [data for _, data, _ in writes_of(sends, 0.0, chunked=False)] == [b"role", b"ab", b"end"]
    assert list(writes_of([], 0.0, chunked=True)) == []


def test_a_write_grows_no_further_than_the_kernel_takes_at_once() -> None:
    sends = [Send(0.0, b"x" * 1000, number) for number in range(40)]
    writes = list(writes_of(sends, 0.0, chunked=False))
    assert [(len(data), tokens) for _, data, tokens in writes] == [(17_000, 17), (17_000, 17), (6_000, 6)]


def test_a_token_takes_few_calls_from_its_send_to_its_record() -> None:
    sends = [Send(0.001 * number, b"data: token\n\n", number) for number in range(1000)]
    record = Record(Delivery(0.0), LatenessBoard().slot(0))
    calls = 0

    def count(_frame: object, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        for due, _, tokens in writes_of(sends, 0.0, chunked=True):
            record.sent(due, tokens)
    finally:
        sys.setprofile(before)
    assert calls <= CALLS_A_TOKEN * len(sends)
