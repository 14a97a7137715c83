import json
from collections.abc import Iterable
from itertools import count

import pytest

from loadtests.chat.collecting import (
    Clock,
    Collect,
    chat_stream,
    chat_whole,
    collected,
    completion_stream,
    completion_whole,
)
from loadtests.chat.timing import BadAnswerError, Timing
from loadtests.rig.scripted import event

CHUNKS = [
    {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {"content": "a\u2028"}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {"content": "b"}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    {"choices": [], "usage": {"completion_tokens": 2}},
]
COMPLETION = {"choices": [{"message": {"role": "assistant", "content": "a\u2028b"}, "finish_reason": "stop"}]}
CHAT = [
    {"type": "start", "id": "chat_1"},
    {"type": "delta", "text": "a\u2028"},
    {"type": "delta", "text": "b"},
    {"type": "done", "finish_reason": "stop"},
]


def ticking() -> Clock:
    """A clock that is one second later at every look."""
    ticks = count(1)
    return lambda: float(next(ticks))


def test_the_apps_stream() -> None:
    answer = collected(map(event, CHAT), chat_stream, ticking())
    assert answer.timing("a\u2028b") == Timing(ttfb=1.0, ttft=3.0, itl=(1.0,), tpot=None, total=5.0)


def test_the_apps_whole_answer() -> None:
    body = json.dumps({"id": "chat_1", "text": "a\u2028b", "finish_reason": "stop"}).encode()
    answer = collected([body[:7], body[7:]], chat_whole, ticking())
    assert answer.timing("a\u2028b") == Timing(ttfb=1.0, ttft=2.0, itl=(), tpot=None, total=2.0)


def test_openais_stream() -> None:
    answer = collected([*map(event, CHUNKS), b"data: [DONE]\n\n"], completion_stream, ticking())
    assert answer.timing("a\u2028b") == Timing(ttfb=1.0, ttft=3.0, itl=(1.0,), tpot=1.0, total=6.0)
    assert answer.end == {"type": "done", "finish_reason": "stop", "usage": {"completion_tokens": 2}}


def test_openais_whole_answer() -> None:
    answer = collected([json.dumps(COMPLETION).encode()], completion_whole, ticking())
    assert answer.timing("a\u2028b") == Timing(ttfb=1.0, ttft=2.0, itl=(), tpot=None, total=2.0)


@pytest.mark.parametrize(
    ("body", "collect"),
    [
        ([b"data: oops\n\n"], chat_stream),
        ([b""], chat_whole),
        ([b"data: oops\n\n"], completion_stream),
        ([b"data: {}\n\n"], completion_stream),
        ([b"[]"], completion_whole),
        ([b'{"choices": []}'], completion_whole),
    ],
)
def test_nonsense_is_a_bad_answer(body: Iterable[bytes], collect: Collect) -> None:
    with pytest.raises(BadAnswerError, match="malformed"):
        collected(body, collect, ticking())
