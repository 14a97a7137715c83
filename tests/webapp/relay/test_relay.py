"""The relay over a scripted upstream and a clock that moves only when the relay waits."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from webapp.chat.continuation import OverlapTrimmer
from webapp.chat.errors import Interrupted, UpstreamError
from webapp.chat.events import HEARTBEAT, Delta, Done, Event, Failure, Start, Timing, Usage
from webapp.relay.relay import Relay
from webapp.relay.values import Limits, Progress, Request
from webapp.upstream.decoding import Chunk

START = Start("chat_1", "m")
LIMITS = Limits(heartbeat_seconds=15, first_token_seconds=40, token_seconds=30, total_seconds=100)
USAGE = Usage(1, 2, 3)
TEXT = [Chunk("Hello"), Chunk(" world")]
FINISH = Chunk(finish_reason="stop")
THE_USAGE = Chunk(usage=USAGE, end="usage")
END: list[Chunk] = []


@dataclass
class ScriptedAnswer:
    """Chunks, or an error, at given times on a clock of its own."""

    script: list[tuple[float, list[Chunk] | Exception]]
    now: float = 100.0
    released: int = 0
    waits: list[float] = field(default_factory=list)
    dropped_messages: int = 0

    def __post_init__(self) -> None:
        self.script = [(self.now + at, chunks) for at, chunks in self.script]

    def clock(self) -> float:
        return self.now

    def read(self, timeout: float) -> list[Chunk] | None:
        self.waits.append(timeout)
        at, what = self.script[0] if self.script else (float("inf"), END)
        if at > self.now + timeout:
            self.now += timeout
            return None
        self.now = max(at, self.now)
        self.script.pop(0)
        if isinstance(what, Exception):
            raise what
        return what

    def release(self) -> None:
        self.released += 1


@dataclass
class Switch:
    interruption: str | None = None


def relayed(
    answer: ScriptedAnswer,
    limits: Limits = LIMITS,
    switch: Switch | None = None,
    trimmer: OverlapTrimmer | None = None,
    progress: Progress | None = None,
) -> Iterator[Event]:
    request = Request("r1", received_at=answer.now - 1, trimmer=trimmer)
    progress = progress or Progress()
    return Relay(request, answer, switch or Switch(), limits, answer.clock, progress).events(START)


def failure(code: str, message: str, retryable: bool = True) -> Failure:
    return Failure(code, message, retryable, "r1")


def test_an_answer_is_start_deltas_done() -> None:
    answer = ScriptedAnswer([(1, [Chunk()]), (2, [TEXT[0]]), (3, [TEXT[1]]), (4, [FINISH, THE_USAGE])])
    assert list(relayed(answer)) == [
        START,
        Delta("Hello"),
        Delta(" world"),
        Done("stop", USAGE, Timing(first_token_ms=3000.0, total_ms=5000.0, upstream_first_token_ms=2000.0)),
    ]
    assert answer.released == 1


def test_start_leaves_before_the_upstream_is_waited_for() -> None:
    answer = ScriptedAnswer([(1, TEXT)])
    assert next(relayed(answer)) == START
    assert answer.waits == []


def test_chunks_that_wait_together_are_one_delta() -> None:
    answer = ScriptedAnswer([(1, [*TEXT, FINISH, THE_USAGE])])
    assert list(relayed(answer))[1:] == [
        Delta("Hello world"),
        Done("stop", USAGE, Timing(2000.0, 2000.0, 1000.0)),
    ]


@pytest.mark.parametrize("ending", [[(3, END)], [], [(2.5, UpstreamError("upstream_broken_off"))]])
def test_an_answer_with_its_finish_reason_is_done_even_if_no_usage_comes(
    ending: list[tuple[float, list[Chunk] | Exception]],
) -> None:
    answer = ScriptedAnswer([(2, [*TEXT, FINISH]), *ending])
    *_, last = relayed(answer)
    assert isinstance(last, Done)
    assert (last.finish_reason, last.usage) == ("stop", None)
    assert answer.now <= 103


def test_an_answer_without_text_has_no_first_token() -> None:
    answer = ScriptedAnswer([(2, [Chunk(finish_reason="content_filter"), THE_USAGE])])
    assert list(relayed(answer)) == [START, Done("content_filter", USAGE, Timing(None, 3000.0, None))]


def test_silence_is_bridged_by_heartbeats() -> None:
    answer = ScriptedAnswer([(31, TEXT), (47, [FINISH, THE_USAGE])])
    assert list(relayed(answer))[1:5] == [HEARTBEAT, HEARTBEAT, Delta("Hello world"), HEARTBEAT]


def test_heartbeats_do_not_put_off_the_limit_on_the_first_token() -> None:
    answer = ScriptedAnswer([(1, [Chunk()])])
    assert list(relayed(answer)) == [
        START,
        HEARTBEAT,
        HEARTBEAT,
        failure("upstream_first_token_timeout", "The model sent nothing for 40 seconds."),
    ]
    assert answer.now == pytest.approx(140)


def test_a_gap_between_tokens_has_its_own_limit() -> None:
    answer = ScriptedAnswer([(1, TEXT)])
    assert list(relayed(answer))[1:] == [
        Delta("Hello world"),
        HEARTBEAT,
        failure("upstream_timeout", "The model sent nothing for 30 seconds."),
    ]
    assert answer.now == pytest.approx(131)


def test_the_whole_answer_has_a_limit() -> None:
    answer = ScriptedAnswer([(10 * i, TEXT) for i in range(1, 20)])
    assert list(relayed(answer))[-1] == failure(
        "upstream_total_timeout", "The answer took more than 100 seconds.", retryable=False
    )


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            [(1, TEXT), (2, END)],
            failure("upstream_broken_off", "The model's API broke off in the middle of the answer."),
        ),
        (
            [(1, TEXT), (2, UpstreamError("upstream_failed"))],
            failure("upstream_failed", "The model's API failed. A retry may work."),
        ),
        (
            [(1, UpstreamError("upstream_key_refused"))],
            failure(
                "upstream_key_refused",
                "The model's API refused this app's key. If this is your app: check OPENAI_API_KEY.",
                retryable=False,
            ),
        ),
        (
            [(1, TEXT), (2, ZeroDivisionError("secret"))],
            failure("internal_error", "Something went wrong here. A retry may work."),
        ),
    ],
)
def test_what_fails_ends_with_one_error(
    script: list[tuple[float, list[Chunk] | Exception]], expected: Failure
) -> None:
    answer = ScriptedAnswer(script)
    events = list(relayed(answer))
    assert [event for event in events if isinstance(event, Done | Failure)] == [expected]
    assert events[-1] == expected
    assert answer.released == 0


def interrupted(reason: str, *times: float | None) -> Done:
    return Done("interrupted", None, Timing(*times), reason=reason)


def test_a_deadline_interrupts_what_can_be_continued() -> None:
    answer = ScriptedAnswer([(at, [Chunk(str(at))]) for at in range(1, 20)])
    events = list(relayed(answer, replace(LIMITS, deadline_seconds=3.5)))
    assert events[1:] == [Delta("1"), Delta("2"), interrupted("deadline", 2000.0, 3500.0, 1000.0)]
    assert answer.released == 0


def test_a_deadline_does_not_interrupt_an_answer_that_is_whole() -> None:
    answer = ScriptedAnswer([(2, [*TEXT, FINISH])])
    *_, last = relayed(answer, replace(LIMITS, deadline_seconds=3.5))
    assert isinstance(last, Done)
    assert last.finish_reason == "stop"


def test_an_interruption_that_breaks_the_wait_ends_the_answer() -> None:
    answer = ScriptedAnswer([(1, TEXT), (2, Interrupted("shutdown"))])
    assert list(relayed(answer))[1:] == [
        Delta("Hello world"),
        interrupted("shutdown", 2000.0, 3000.0, 1000.0),
    ]


def test_an_interruption_during_a_write_ends_the_answer_after_it() -> None:
    answer, switch = ScriptedAnswer([(1, [TEXT[0]]), (2, [TEXT[1]])]), Switch()
    events = relayed(answer, switch=switch)
    assert [next(events), next(events)] == [START, Delta("Hello")]
    switch.interruption = "shutdown"
    assert list(events) == [interrupted("shutdown", 2000.0, 2000.0, 1000.0)]


def test_an_interruption_of_an_answer_that_is_whole_is_not_one() -> None:
    answer = ScriptedAnswer([(1, [*TEXT, FINISH]), (1.5, Interrupted("shutdown"))])
    *_, last = relayed(answer)
    assert isinstance(last, Done)
    assert last.finish_reason == "stop"


def test_where_nothing_breaks_the_wait_it_is_short() -> None:
    answer = ScriptedAnswer([(5, [*TEXT, FINISH, THE_USAGE])])
    list(relayed(answer, replace(LIMITS, poll_seconds=0.5)))
    assert max(answer.waits) == 0.5


def test_what_a_continuation_repeats_is_left_out() -> None:
    trimmer = OverlapTrimmer("It was a dark and stormy night")
    words = ["and stormy ", "night", " in", " June"]
    answer = ScriptedAnswer(
        [*((at, [Chunk(word)]) for at, word in enumerate(words, 1)), (6, [FINISH]), (7, END)]
    )
    events = list(relayed(answer, trimmer=trimmer))
    assert events[1:-1] == [Delta(" in"), Delta(" June")]


def test_what_is_held_back_leaves_before_the_end() -> None:
    answer = ScriptedAnswer([(1, [Chunk("and stormy"), FINISH, THE_USAGE])])
    events = list(relayed(answer, trimmer=OverlapTrimmer("It was a dark and stormy night")))
    assert events[1:-1] == [Delta("and stormy")]


def test_what_has_passed_is_noted() -> None:
    answer = ScriptedAnswer([(1, [Chunk()]), (20, [TEXT[0]]), (21, [TEXT[1]]), (22, [FINISH])])
    progress = Progress()
    *_, done = relayed(answer, progress=progress)
    assert isinstance(done, Done)
    assert progress == Progress(
        deltas=2, heartbeats=1, first_delta_at=120.0, finish_reason="stop", last_word=done
    )


def test_an_answer_that_is_left_has_no_last_word() -> None:
    progress = Progress()
    events = relayed(ScriptedAnswer([(1, TEXT)]), progress=progress)
    assert [next(events), next(events)] == [START, Delta("Hello world")]
    del events
    assert progress == Progress(deltas=1, first_delta_at=101.0)


def test_a_whole_answer_that_is_interrupted_while_it_is_released_is_whole() -> None:
    @dataclass
    class SlowToRelease(ScriptedAnswer):
        def release(self) -> None:
            raise Interrupted("shutdown")

    *_, last = relayed(SlowToRelease([(1, TEXT), (2, [FINISH, THE_USAGE])]))
    assert isinstance(last, Done)
    assert (last.finish_reason, last.reason) == ("stop", None)
