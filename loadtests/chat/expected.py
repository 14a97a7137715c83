"""The text that an answer must have: what the mock says to the same question when it does not wait."""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated

import msgspec

from loadtests.chat.client import Client
from loadtests.chat.events import decoded
from loadtests.chat.questions import Message, Question

# Of a model name, what decides the text; the rest are delays and faults.
TEXT_KNOB = re.compile(r"(?:tokens|seed|reasoning|calls)[0-9]+")


class _Reply(msgspec.Struct):
    message: Message


class _Completion(msgspec.Struct):
    choices: Annotated[list[_Reply], msgspec.Meta(min_length=1)]


class _Whole(msgspec.Struct):
    text: str


def undelayed(model: str) -> str:
    """The model that says the same at once, and without a fault."""
    return "-".join(["mock", *filter(TEXT_KNOB.fullmatch, model.split("-")), "ttft0", "itl0"])


def request_body(question: Question, model: str, *, stream: bool) -> dict[str, object]:
    """The question as the body of `POST /chat`, which the mock's own endpoint takes as well."""
    body: dict[str, object] = {"messages": question.messages, "model": model, "stream": stream}
    return body if question.max_tokens is None else {**body, "max_tokens": question.max_tokens}


def texts_from_mock(mock_url: str, asked: Iterable[Question], model: str) -> dict[Question, str]:
    """The expected texts, from the mock itself, where the app cannot have touched them.

    Raises ClientError and BadAnswerError, as the other way does.
    """
    answers = _answers(mock_url, "/v1/chat/completions", asked, model)
    return {question: decoded(data, _Completion).choices[0].message.content for question, data in answers}


def texts_from_app(url: str, asked: Iterable[Question], model: str) -> dict[Question, str]:
    """The expected texts, through the app: for a mock that only the app can reach."""
    return {question: decoded(data, _Whole).text for question, data in _answers(url, "/chat", asked, model)}


def _answers(url: str, path: str, asked: Iterable[Question], model: str) -> Iterator[tuple[Question, bytes]]:
    with Client(url) as client:
        for question in asked:
            body = request_body(question, undelayed(model), stream=False)
            yield question, b"".join(client.post(path, body))
