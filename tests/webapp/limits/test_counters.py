"""Counting together through a real Redis, and alone while it is away."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import MS
from tests.webapp.redis_process import RedisProcess
from webapp.chat.errors import LimitedError
from webapp.limits.counters import REDIS_TIMEOUT_SECONDS, RETRY_SECONDS, Counters
from webapp.limits.rates import Rate, RateLimit


class Clock:
    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def redis(port: int, tmp_path: Path) -> Iterator[RedisProcess]:
    with RedisProcess(port, tmp_path) as process:
        yield process


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ours(redis: RedisProcess, clock: Clock) -> Counters:
    return Counters(redis.url, clock=clock)


def test_without_redis_each_counts_for_itself() -> None:
    mine, yours = Counters(), Counters()
    mine.add("key", 3, 60)
    count = yours.add("key", 1, 60)
    assert (count.total, count.alone) == (1, False)


def test_two_processes_count_together(redis: RedisProcess, ours: Counters) -> None:
    theirs = Counters(redis.url)
    assert ours.add("key", 3, 60).total == 3
    count = theirs.add("key", 4, 60)
    assert (count.total, count.alone) == (7, False)
    count.correct(-2)
    assert ours.add("key", 1, 60).total == 6


def test_a_count_is_forgotten(ours: Counters) -> None:
    ours.add("key", 3, 1)
    time.sleep(1.1)
    assert ours.add("key", 1, 1).total == 1


def test_while_redis_is_away_a_process_counts_alone(
    redis: RedisProcess, ours: Counters, clock: Clock
) -> None:
    before = ours.add("key", 3, 60)
    redis.kill()
    alone = ours.add("key", 1, 60)
    assert (alone.total, alone.alone) == (1, True)
    # A correction does not follow to where the count is not.
    before.correct(-3)
    assert ours.add("key", 1, 60).total == 2

    redis.start()
    assert ours.add("key", 1, 60).alone
    clock.at += RETRY_SECONDS
    together = ours.add("key", 5, 60)
    assert (together.total, together.alone) == (5, False)
    # What was counted alone is corrected there.
    alone.correct(-1)
    assert ours.add("key", 0, 60).total == 5


def test_a_correction_that_is_made_finds_redis_as_a_count_does(
    redis: RedisProcess, ours: Counters, clock: Clock
) -> None:
    before = ours.add("key", 3, 60)
    redis.kill()
    assert ours.add("key", 1, 60).alone
    redis.start()
    clock.at += RETRY_SECONDS
    before.correct(-1)
    assert not ours.add("key", 1, 60).alone


def test_a_redis_that_was_never_there(port: int) -> None:
    count = Counters(f"redis://127.0.0.1:{port}").add("key", 1, 60)
    assert (count.total, count.alone) == (1, True)


def test_a_redis_that_is_silent_is_waited_for_once(
    redis: RedisProcess, ours: Counters, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours.add("key", 1, 60)
    redis.freeze()
    asked: list[str] = []
    assert ours._shared
    ask = ours._shared.incr
    monkeypatch.setattr(ours._shared, "incr", lambda key, *rest: asked.append(key) or ask(key, *rest))
    began = time.monotonic()
    assert ours.add("key", 1, 60).alone
    assert time.monotonic() - began < 4 * REDIS_TIMEOUT_SECONDS + 500 * MS
    for _ in range(100):
        assert ours.add("key", 1, 60).alone
    # Each would wait as long again.
    assert asked == ["key"]


def test_what_answers_without_being_redis_counts_as_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        count = Counters(f"redis://127.0.0.1:{listener.getsockname()[1]}").add("key", 1, 60)
    assert count.alone


def test_alone_the_limit_is_a_quarter_but_room_for_one_answer(port: int) -> None:
    counters = Counters(f"redis://127.0.0.1:{port}")
    for limit, least, alone in [(100, 1, 25), (3, 1, 1), (100, 60, 60), (50, 60, 50)]:
        rate = RateLimit(Rate("rate_limited", limit, 60, least), counters)
        client = f"{limit}-{least}"
        rate.take(client, alone)
        with pytest.raises(LimitedError):
            rate.take(client, 1)


def test_what_was_counted_before_redis_lost_it_corrects_nothing(
    redis: RedisProcess, ours: Counters, clock: Clock
) -> None:
    old = [ours.add("key", 1000, 60) for _ in range(15)]
    redis.kill()
    redis.start()
    for count in old:
        count.correct(-988)
        clock.at += RETRY_SECONDS
    assert ours.add("key", 0, 60).total == 0
    assert ours.add("key", 30, 60).total == 30
    for count in old:
        count.correct(-988)
    assert ours.add("key", 0, 60).total == 0


def test_a_correction_leaves_a_count_its_end(ours: Counters) -> None:
    ours.add("key", 3, 1).correct(-1)
    assert ours.add("key", 0, 1).total == 2
    time.sleep(1.1)
    assert ours.add("key", 1, 1).total == 1


def test_those_who_correct_at_once_do_not_pass_nothing(redis: RedisProcess, ours: Counters) -> None:
    ours.add("key", 100, 60)
    counts = [Counters(redis.url).add("key", 0, 60) for _ in range(8)]
    threads = [threading.Thread(target=count.correct, args=(-60,)) for count in counts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ours.add("key", 0, 60).total == 0
