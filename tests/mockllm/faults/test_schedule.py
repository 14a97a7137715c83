import pytest

from mockllm.faults import Attempt, Fault, Schedule, parse_schedule, settle

RESET = Fault("reset", 20)


def attempts(retries: int = 0) -> list[Attempt]:
    return [Attempt(str(number).encode(), 1, retries) for number in range(1000)]


def struck(schedule: Schedule, retries: int = 0, seed: int = 0) -> list[bool]:
    return [settle(None, schedule, attempt, seed) == RESET for attempt in attempts(retries)]


def test_a_rate_strikes_its_share_and_the_same_ones_each_time() -> None:
    schedule = parse_schedule("reset@20 5%")
    assert 30 < sum(struck(schedule)) < 70
    assert struck(schedule) == struck(schedule)
    assert struck(schedule) != struck(schedule, seed=1)


def test_a_retry_draws_again() -> None:
    schedule = parse_schedule("reset@20 50%")
    assert struck(schedule) != struck(schedule, retries=1)


def test_the_ends_of_a_rate() -> None:
    assert all(struck(parse_schedule("reset@20 100%")))
    assert not any(struck(parse_schedule("reset@20 0%")))


def test_one_turn_of_each_conversation() -> None:
    schedule = parse_schedule("stall 0%, reset@20 turn 3")
    told = [settle(None, schedule, Attempt(user_turns=turn), 0) for turn in (1, 2, 3, 4)]
    assert told == [None, None, RESET, None]


@pytest.mark.parametrize(("retries", "is_struck"), [(0, True), (1, True), (2, False), (3, False)])
def test_fails_twice_then_works(retries: int, is_struck: bool) -> None:
    fault = Fault("rate_limit", times=2)
    assert (settle(fault, (), Attempt(retries=retries), 0) == fault) is is_struck
    scheduled = settle(None, parse_schedule("overloaded*2 turn 1"), Attempt(retries=retries), 0)
    assert (scheduled is not None) is is_struck


def test_what_the_request_asks_for_keeps_the_schedule_away() -> None:
    schedule = parse_schedule("reset@20 100%")
    assert settle(Fault("noop"), schedule, Attempt(), 0) == Fault("noop")
    assert settle(Fault("close", times=1), schedule, Attempt(retries=1), 0) is None


@pytest.mark.parametrize(
    "text", ["reset", "reset 5", "nope 5%", "reset 101%", "5% reset", "reset turn x", "reset@ 5%"]
)
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|not a fault|at most"):
        parse_schedule(text)
