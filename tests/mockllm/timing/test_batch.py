import pytest

from mockllm.timing.batch import Batch
from mockllm.values.reply import Reply, Send, whole


def test_seats_are_given_in_the_order_of_arrival() -> None:
    batch, woken = Batch(2, 2.0), []
    seats = [batch.join(lambda number=number: woken.append(number)) for number in range(4)]
    assert [seat.is_taken for seat in seats] == [True, True, False, False]
    batch.leave(seats[0])
    batch.leave(seats[0])
    assert [seat.is_taken for seat in seats] == [False, True, True, False]
    assert woken == [0, 1, 2]


def test_who_leaves_the_queue_is_not_called() -> None:
    batch = Batch(1, 2.0)
    first, gone, last = (batch.join(lambda: None) for _ in range(3))
    batch.leave(gone)
    batch.leave(first)
    assert (gone.is_taken, last.is_taken) == (False, True)


@pytest.mark.parametrize(("running", "factor"), [(1, 1.0), (3, 2.0), (5, 3.0)])
def test_each_step_is_slower_the_fuller_the_batch(running: int, factor: float) -> None:
    batch = Batch(5, 3.0)
    for _ in range(running):
        batch.join(lambda: None)
    assert batch.factor == factor


def test_a_batch_of_one_is_never_slow() -> None:
    batch = Batch(1, 3.0)
    batch.join(lambda: None)
    assert batch.factor == 1.0


def test_a_stream_is_put_off_step_by_step() -> None:
    batch = Batch(2, 3.0)
    batch.join(lambda: None)
    reply = batch.slowed(
        Reply(200, (), [Send(1.0, b"a", 0), Send(1.0, b"b", None), Send(2.0, b"c", 1)]), waited=5.0
    )
    sends = iter(reply.sends)
    assert [next(sends).due, next(sends).due] == [6.0, 6.0]
    batch.join(lambda: None)
    assert next(sends).due == 9.0
    assert reply.head_due == 0


def test_a_whole_answer_is_put_off_with_its_head() -> None:
    batch = Batch(2, 3.0)
    for _ in range(2):
        batch.join(lambda: None)
    reply = batch.slowed(whole(200, (), b"x", due=2.0), waited=1.0)
    assert (reply.head_due, [send.due for send in reply.sends]) == (7.0, [7.0])
