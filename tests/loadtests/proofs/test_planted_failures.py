"""Each proof, given what it must not let pass: a check that cannot fail proves nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from loadtests.proofs import capacity, leaving, shutdown, slow_readers, soak, worker_loss
from loadtests.proofs.capacity import PLACES, ROUNDS
from loadtests.rig import Stream
from tests.loadtests.proofs.planted import TEXT, answer

WRONG_BYTE = TEXT[:-1] + "x"


def answers(count: int, **how: Any) -> list[Stream]:
    return [answer(**how) for _ in range(count)]


class TestSoak:
    HELD = soak.Held(clients=1, upstreams=3, files=20, threads=2, open_answers=0, memory_bytes=50_000_000)

    def holds(self, outcomes: dict[str, int], same_worker: bool = True, **after: int) -> bool:
        held = replace(self.HELD, **after)
        return soak.found(1, self.HELD, held, outcomes, same_worker=same_worker).holds

    def test_it_holds(self) -> None:
        assert self.holds({"right": 900, "left": 300})

    @pytest.mark.parametrize(
        "outcomes",
        [
            {"status 503, whole, 0 terminal objects": 15_006, "right": 38},
            {"right": 1_000, "wrong text": 1},
            {"right": 1_000, "hangs": 1},
            {"left": 1_000},
            {},
        ],
        ids=["nearly all refused", "a wrong text", "a hang", "all left", "nothing"],
    )
    def test_answers_that_prove_nothing(self, outcomes: dict[str, int]) -> None:
        assert not self.holds(outcomes)

    @pytest.mark.parametrize(
        "after",
        [
            {"clients": 2},
            {"upstreams": 101},
            {"files": 21},
            {"threads": 3},
            {"open_answers": 1},
            {"memory_bytes": 61_000_000},
        ],
        ids=lambda after: next(iter(after)),
    )
    def test_what_is_left_behind(self, after: dict[str, int]) -> None:
        assert not self.holds({"right": 900}, **after)

    def test_a_worker_that_was_replaced(self) -> None:
        assert not self.holds({"right": 900}, same_worker=False)

    def test_each_answer_is_judged_by_what_it_must_be(self) -> None:
        asked = soak.Asked(answer(), "mock")
        refused = replace(asked, stream=answer("", status=503, terminals=0))
        assert soak.outcome(asked, TEXT) == "right"
        assert soak.outcome(asked, WRONG_BYTE) == "no fault as text/event-stream: wrong text"
        assert soak.outcome(refused, TEXT).endswith(": status 503, whole, 0 terminal objects")


class TestCapacity:
    ALONE = answers(ROUNDS * PLACES)
    CROWD = (*answers(ROUNDS * PLACES), *answers(2 * ROUNDS * PLACES, status=503, total=0.01))

    def holds(self, planted: Stream | None = None, crowd: tuple[Stream, ...] = CROWD) -> bool:
        return capacity.found(self.ALONE, (planted, *crowd[1:]) if planted else crowd, TEXT).holds

    def test_it_holds(self) -> None:
        assert self.holds()

    @pytest.mark.parametrize(
        "how",
        [
            {"text": WRONG_BYTE},
            {"cut": True},
            {"terminals": 2},
            {"nothing": True},
            {"finish_reason": "length"},
            {"status": 500},
        ],
        ids=["a wrong byte", "cut", "two ends", "nothing came", "another end", "another refusal"],
    )
    def test_one_served_wrongly(self, how: dict[str, Any]) -> None:
        assert not self.holds(answer(**how))

    def test_a_slow_refusal(self) -> None:
        assert not self.holds(
            crowd=(*self.CROWD[: -ROUNDS * PLACES], *answers(ROUNDS * PLACES, status=503, total=0.2))
        )

    def test_late_first_tokens(self) -> None:
        late = (*answers(ROUNDS * PLACES, ttft=0.3), *self.CROWD[ROUNDS * PLACES :])
        assert not self.holds(crowd=late)

    def test_too_few_served(self) -> None:
        assert not self.holds(crowd=(*self.CROWD[PLACES:], *answers(PLACES, status=503, total=0.01)))


class TestWorkerLoss:
    def holds(
        self,
        kept: list[Stream] | None = None,
        lost: list[Stream] | None = None,
        retries: list[Stream] | None = None,
        two_again: bool = True,
    ) -> bool:
        return worker_loss.found(
            answers(50) if kept is None else kept,
            answers(50, text=WRONG_BYTE[:5], cut=True) if lost is None else lost,
            answers(50) if retries is None else retries,
            [TEXT, TEXT],
            two_again=two_again,
        ).holds

    def test_it_holds(self) -> None:
        assert self.holds()

    def test_a_wrong_byte_among_the_unharmed(self) -> None:
        assert not self.holds(kept=[*answers(49), answer(WRONG_BYTE)])

    def test_a_lost_one_that_is_called_done(self) -> None:
        assert not self.holds(lost=[*answers(49, text="", cut=True), answer()])

    def test_a_lost_one_whose_text_is_another(self) -> None:
        assert not self.holds(lost=answers(50, text="other", cut=True))

    def test_a_retry_with_a_wrong_text(self) -> None:
        assert not self.holds(retries=[*answers(49), answer(WRONG_BYTE)])

    def test_a_retry_that_was_never_answered(self) -> None:
        assert not self.holds(retries=[*answers(49), answer(nothing=True)])

    def test_a_worker_that_lost_nothing_proves_nothing(self) -> None:
        assert not self.holds(lost=[], retries=[])

    def test_no_second_worker(self) -> None:
        assert not self.holds(two_again=False)


class TestSlowReaders:
    def holds(
        self, beside: list[Stream] | None = None, cut: int = slow_readers.STUCK, held: float = 1e6
    ) -> bool:
        found = slow_readers.found(answers(100), answers(100) if beside is None else beside, cut, held, 0.0)
        return found.holds

    def test_it_holds(self) -> None:
        assert self.holds()

    def test_a_healthy_client_that_got_nothing(self) -> None:
        assert not self.holds([*answers(99), answer(nothing=True)])

    def test_a_wrong_byte(self) -> None:
        assert not self.holds([*answers(99), answer(WRONG_BYTE)])

    def test_late_first_tokens(self) -> None:
        assert not self.holds(answers(100, ttft=0.2))

    def test_nobody_healthy(self) -> None:
        assert not self.holds([])

    def test_one_that_was_not_cut(self) -> None:
        assert not self.holds(cut=slow_readers.STUCK - 1)

    def test_too_much_memory(self) -> None:
        assert not self.holds(held=51e6)


class TestShutdown:
    def holds(self, planted: Stream | None = None, took: float = 1.0, code: int = 0, said: str = "") -> bool:
        opened = answers(200, text=TEXT[:40], finish_reason="interrupted")
        return shutdown.found([planted, *opened[1:]] if planted else opened, TEXT, took, code, said).holds

    def test_it_holds(self) -> None:
        assert self.holds()

    @pytest.mark.parametrize(
        "how",
        [{"cut": True}, {"terminals": 2}, {"terminals": 0}, {"text": "other"}, {"finish_reason": "stop"}],
        ids=["cut", "two ends", "no end", "another text", "called whole"],
    )
    def test_one_that_ended_otherwise(self, how: dict[str, Any]) -> None:
        assert not self.holds(answer(**{"text": TEXT[:40], "finish_reason": "interrupted", **how}))

    def test_an_app_that_ends_late_or_with_a_word(self) -> None:
        assert not self.holds(took=7.0)
        assert not self.holds(code=1)
        assert not self.holds(said="Traceback")


class TestLeaving:
    def holds(self, delays: list[float]) -> bool:
        return leaving.found("stalled", "streaming", "all at once", delays).holds

    def test_it_holds(self) -> None:
        assert self.holds([0.002] * 100)

    def test_one_upstream_that_stays_open(self) -> None:
        assert not self.holds([0.002] * 99)

    def test_two_that_are_slow(self) -> None:
        assert not self.holds([0.002] * 98 + [0.5] * 2)

    def test_one_that_was_closed_before_its_client_left(self) -> None:
        assert not self.holds([0.002] * 99 + [-0.001])

    def test_delays_are_each_leavers_own(self) -> None:
        """Two upstreams that swap their closings: sorted lists would pair them and see nothing."""
        closings = {"first": 9.0, "second": 1.0}
        left_at = {"first": 0.0, "second": 8.5}
        assert leaving.paired(left_at, closings) == [9.0, -7.5]
