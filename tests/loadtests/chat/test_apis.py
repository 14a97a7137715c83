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
    ("url", "path"),
    [("http://h", "/v1/responses"), ("http://h/v1", "/responses"), ("http://h/v1/", "/responses")],
)
def test_a_base_url_may_end_with_the_version(url: str, path: str) -> None:
    assert APIS["responses"].path_at(url) == path
