"""Each API against the mock: one text, however it is asked for."""

from typing import Any

import pytest

from loadtests.chat import APIS, Client, collected, questions, streamed, texts_from_mock, whole
from loadtests.stack import Stack

MODEL = "mock-tokens40-ttft0-itl0"


@pytest.mark.parametrize("name", APIS)
def test_every_question_has_its_text_streamed_and_whole(stack: Stack, name: str) -> None:
    api = APIS[name]
    asked = tuple(map(api.allowed, questions(7, 12)))
    assert {question.max_tokens for question in asked} >= {None, api.least_tokens}
    expected = texts_from_mock(stack.mock_url, asked, MODEL)
    url = stack.url if name == "chat" else stack.mock_url
    with Client(url) as client:
        for question in asked:
            for collect, is_streamed in ((streamed(api.items), True), (whole(api.item), False)):
                accept = "text/event-stream" if is_streamed else "application/json"
                body = client.post(api.path, api.body(question, MODEL, is_streamed), accept)
                answer = collected(body, collect, lambda: 0.0)
                answer.timing(expected[question])
                usage: Any = (answer.end or {})["usage"]
                assert usage["completion_tokens"] == (question.max_tokens or 40)


@pytest.mark.parametrize(
    ("api", "url", "endpoint"),
    [
        ("completions", "http://h", "http://h/v1/chat/completions"),
        ("completions", "http://h:8/", "http://h:8/v1/chat/completions"),
        ("completions", "https://h/v1/", "https://h/v1/chat/completions"),
        ("completions", "https://h/v1beta/openai/", "https://h/v1beta/openai/chat/completions"),
        ("completions", "https://h/api/paas/v4", "https://h/api/paas/v4/chat/completions"),
        ("completions", "https://h/chat/completions", "https://h/chat/completions"),
        (
            "completions",
            "https://h/openai/d/x?api-version=1",
            "https://h/openai/d/x/chat/completions?api-version=1",
        ),
        ("responses", "http://h/v1", "http://h/v1/responses"),
        ("chat", "http://h", "http://h/chat"),
        ("chat", "http://h/behind", "http://h/behind/chat"),
        ("chat", "http://h/chat", "http://h/chat"),
        ("chat", "http://user:secret@h:8", "http://h:8/chat"),
    ],
)
def test_where_an_endpoint_is(api: str, url: str, endpoint: str) -> None:
    assert APIS[api].url_at(url) == endpoint
