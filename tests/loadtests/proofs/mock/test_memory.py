import os

from loadtests.proofs.mock import memory
from loadtests.proofs.mock.__main__ import GROWN_LIMIT_BYTES
from loadtests.proofs.mock.memory import grown, looked_at
from loadtests.rig import await_that


def test_garbage_that_comes_and_goes_is_no_growth() -> None:
    assert abs(grown([40e6 + second % 20 * 0.1e6 for second in range(120)])) < 0.1e6


def test_a_leak_of_a_hundred_bytes_an_answer_is_found_in_two_minutes() -> None:
    answers_a_second = 500
    leaking = [40e6 + second * answers_a_second * 100 for second in range(120)]
    assert grown(leaking) > GROWN_LIMIT_BYTES


def test_too_few_looks_say_nothing() -> None:
    assert grown([]) == grown([1e6, 9e6, 9e6]) == 0


def test_a_process_is_looked_at_while_the_block_runs(monkeypatch) -> None:
    monkeypatch.setattr(memory, "LOOK_SECONDS", 0.01)
    with looked_at(os.getpid()) as looks:
        assert await_that(lambda: len(looks) > 2, 10)
    assert min(looks) > 1e6
