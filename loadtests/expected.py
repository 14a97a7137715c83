"""The text that an answer must have: what the mock says to the same question when it does not wait."""

import re
from collections.abc import Iterable

import msgspec

from loadtests.client import Client
from loadtests.questions import Message, Question

DELAY_KNOB = re.compile(r"-(?:ttft|itl)[0-9.]+")


class _Reply(msgspec.Struct):
    message: Message


class _Completion(msgspec.Struct):
    choices: list[_Reply]


class _Whole(msgspec.Struct):
    text: str


def undelayed(model: str) -> str:
    """The model that says the same at once: the mock's text does not depend on its delays."""
    return DELAY_KNOB.sub("", model) + "-ttft0-itl0"


def request_body(question: Question, model: str, *, stream: bool) -> dict[str, object]:
    """The question as the body of `POST /chat`, which the mock's own endpoint takes as well."""
    body: dict[str, object] = {"messages": question.messages, "model": model, "stream": stream}
    return body if question.max_tokens is None else {**body, "max_tokens": question.max_tokens}


def texts_from_mock(mock_url: str, asked: Iterable[Question], model: str) -> dict[Question, str]:
    """The expected texts, from the mock itself: the app cannot have touched them. Raises ClientError."""
    texts = {}
    with Client(mock_url) as client:
        for question in asked:
            body = request_body(question, undelayed(model), stream=False)
            answer = b"".join(client.post("/v1/chat/completions", body))
            texts[question] = msgspec.json.decode(answer, type=_Completion).choices[0].message.content
    return texts


def texts_from_app(url: str, asked: Iterable[Question], model: str) -> dict[Question, str]:
    """The expected texts, through the app: for a mock that only the app can reach. Raises ClientError."""
    texts = {}
    with Client(url) as client:
        for question in asked:
            body = request_body(question, undelayed(model), stream=False)
            texts[question] = msgspec.json.decode(b"".join(client.post("/chat", body)), type=_Whole).text
    return texts
