from collections.abc import Mapping

import pytest

from loadtests.chat.timing import Answer, BadAnswerError, Timing

START = {"type": "start", "id": "chat_1", "model": "mock"}
DONE = {"type": "done", "finish_reason": "stop", "usage": {"completion_tokens": 5}}


def delta(text: str) -> dict[str, str]:
    return {"type": "delta", "text": text}


def answer(*items: tuple[Mapping[str, object], float], first_byte_at: float | None = 0.5) -> Answer:
    collected = Answer(first_byte_at)
    for item, at in items:
        collected.add(item, at)
    return collected


def test_the_times_of_a_streamed_answer() -> None:
    streamed = answer(
        (START, 0.5),
        (delta(""), 1.0),
        (delta("ab"), 2.0),
        (delta("c"), 4.0),
        (delta(""), 5.0),
        (delta("de"), 8.0),
        (DONE, 9.0),
    )
    assert streamed.timing("abcde") == Timing(ttfb=0.5, ttft=2.0, itl=(2.0, 4.0), tpot=6.0 / 4, total=9.0)


def test_the_times_of_a_blocking_answer() -> None:
    blocking = Answer(2.5)
    blocking.add_whole(
        {"id": "chat_1", "text": "abc", "finish_reason": "length", "usage": {"completion_tokens": 3}}, 3.0
    )
    assert blocking.timing("abc") == Timing(ttfb=2.5, ttft=3.0, itl=(), tpot=None, total=3.0)


@pytest.mark.parametrize("usage", [{}, {"usage": None}, {"usage": {"completion_tokens": 1}}])
def test_there_is_no_time_per_token_without_two_of_them(usage: dict[str, object]) -> None:
    done = {"type": "done", "finish_reason": "stop", **usage}
    assert answer((delta("a"), 1.0), (delta("b"), 2.0), (done, 2.0)).timing("ab").tpot is None


@pytest.mark.parametrize(
    ("items", "kind"),
    [
        ([], "no terminal object"),
        ([START, delta("abc")], "no terminal object"),
        ([delta("ab"), DONE], "wrong text"),
        ([delta("abcd"), DONE], "wrong text"),
        ([delta("ab"), {**DONE, "finish_reason": "length"}], "wrong text: its beginning, cut by length"),
        ([delta("b"), delta("ac"), DONE], "wrong text"),
        ([delta("abc\u00a0"), DONE], "wrong text"),
        ([START, DONE], "wrong text"),
        ([delta("abc"), {"type": "error", "code": "upstream_timeout"}], "error object: upstream_timeout"),
        (
            [delta("ab"), {"type": "done", "finish_reason": "interrupted", "reason": "deadline"}],
            "interrupted: deadline",
        ),
    ],
)
def test_what_does_not_count_says_why(items: list[Mapping[str, object]], kind: str) -> None:
    collected = answer(*((item, 1.0) for item in items))
    with pytest.raises(BadAnswerError) as failed:
        collected.timing("abc")
    assert str(failed.value) == kind


@pytest.mark.parametrize(
    ("items", "kind"),
    [
        ([DONE, delta("a")], "object after the terminal one"),
        ([DONE, DONE], "object after the terminal one"),
        ([{"type": None}], "object of unknown form"),
        ([{}], "object of unknown form"),
        ([{"type": "delta", "text": 7}], "object of unknown form"),
    ],
)
def test_what_the_interface_does_not_know_fails_at_once(items: list[Mapping[str, object]], kind: str) -> None:
    with pytest.raises(BadAnswerError) as failed:
        answer(*((item, 1.0) for item in items))
    assert str(failed.value) == kind


def test_an_empty_text_is_no_answer_even_if_it_is_expected() -> None:
    with pytest.raises(BadAnswerError, match="no text"):
        answer((START, 1.0), (DONE, 2.0)).timing("")


def test_a_blocking_answer_without_text_is_malformed() -> None:
    with pytest.raises(BadAnswerError, match="object of unknown form"):
        Answer(1.0).add_whole({"finish_reason": "stop"}, 1.0)
