import json
from typing import Any

import pytest

from loadtests.chat import BadAnswerError
from loadtests.chat.openai_wire import completion_items, response_item, response_items
from loadtests.rig.scripted import event

ENDED = {"status": "completed", "usage": {"output_tokens": 2}, "output": []}
DELTAS: list[dict[str, Any]] = [
    {"type": "response.created", "response": {"status": "in_progress"}},
    {"type": "response.output_item.added", "item": {"type": "message"}},
    {"type": "response.output_text.delta", "delta": "a\u2028"},
    {"type": "response.function_call_arguments.delta", "delta": "{}"},
    {"type": "response.output_text.delta", "delta": "b"},
]
TEXTS = ["a\u2028", "b"]


@pytest.mark.parametrize(
    ("last", "item"),
    [
        (
            {"type": "response.completed", "response": ENDED},
            {"type": "done", "finish_reason": "stop", "usage": {"completion_tokens": 2}},
        ),
        (
            {"type": "response.incomplete", "response": {"status": "incomplete"}},
            {"type": "done", "finish_reason": "length"},
        ),
        (
            {"type": "response.failed", "response": {"status": "failed", "error": {"code": "server_error"}}},
            {"type": "error", "code": "server_error"},
        ),
        ({"type": "error", "code": "rate_limit_exceeded"}, {"type": "error", "code": "rate_limit_exceeded"}),
    ],
    ids=lambda value: value["type"],
)
def test_a_streamed_response(last: dict[str, Any], item: dict[str, object]) -> None:
    blocks = [b"event: x\n" + event(each) for each in (*DELTAS, last)]
    assert list(response_items(blocks)) == [*TEXTS, item]


def test_a_whole_response() -> None:
    content = [
        {"type": "output_text", "text": "a"},
        {"type": "refusal", "refusal": "no"},
        {"type": "output_text", "text": "b"},
    ]
    body = {**ENDED, "output": [{"type": "reasoning"}, {"type": "message", "content": content}]}
    assert response_item(json.dumps(body).encode()) == {
        "type": "done",
        "finish_reason": "stop",
        "text": "anob",
        "usage": {"completion_tokens": 2},
    }
    failed = {"status": "failed", "error": {"code": "server_error"}}
    assert response_item(json.dumps(failed).encode()) == {"type": "error", "code": "server_error"}


def test_an_error_in_a_streamed_completion_is_named() -> None:
    assert list(completion_items([event({"error": {"message": "no", "type": "overloaded"}})])) == [
        {"type": "error", "code": "overloaded"}
    ]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"status": "completed", "output": 1}'])
def test_nonsense_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswerError, match="malformed"):
        response_item(body)
