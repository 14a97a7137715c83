from collections.abc import Iterator

import pytest

from loadtests.chat import Answer, BadAnswerError, chat_items, collected
from loadtests.load.receiving.taking import LeftError, leaving_after, slowly
from loadtests.rig.scripted import event

BODY = [
    event({"type": "start", "id": "chat_1", "model": "mock"}),
    *(event({"type": "delta", "text": text}) for text in "abcde"),
    event({"type": "done", "finish_reason": "stop"}),
]


def taken(texts: int, expected: str = "abcde") -> tuple[Answer | None, int]:
    """The answer, if it came to its end, and how many blocks of it were read."""
    read = 0

    def body() -> Iterator[bytes]:
        nonlocal read
        for block in BODY:
            read += 1
            yield block

    try:
        return collected(body(), leaving_after(texts, expected), lambda: 0.0), read
    except LeftError:
        return None, read


def test_leaving_before_the_first_text_and_after_the_third() -> None:
    assert taken(0) == (None, 1)
    assert taken(3) == (None, 4)


def test_an_answer_that_is_shorter_is_a_whole_one() -> None:
    answer, read = taken(6)
    assert answer
    assert read == len(BODY)
    assert answer.timing("abcde").total == 0


def test_what_came_must_be_the_beginning() -> None:
    with pytest.raises(BadAnswerError, match="wrong text"):
        taken(3, "abXde")


def test_a_slow_reader_gets_the_whole_answer() -> None:
    assert collected(BODY, slowly(chat_items), lambda: 0.0).timing("abcde").ttft == 0
