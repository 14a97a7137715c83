"""The text that an answer must have: what the mock says to the same question when it does not wait."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec

from loadtests.chat.client import Client, ClientError
from loadtests.chat.events import decoded
from loadtests.chat.questions import Message, Question

# Of a model name, what decides the text; the rest are delays and faults.
TEXT_KNOB = re.compile(r"(?:tokens|seed|reasoning|calls)[0-9]+")

USAGE_OPTION = re.compile("stream_options|include_usage")


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


def texts_from_mock(
    mock_url: str, asked: Iterable[Question], model: str, **connection: Any
) -> dict[Question, str]:
    """The expected texts, from the mock itself, where the app cannot have touched them.

    `connection` is what Client takes beside the URL. Raises ClientError and BadAnswerError, as the next.
    """
    answers = _answers(mock_url, "/v1/chat/completions", asked, model, connection)
    return {question: decoded(data, _Completion).choices[0].message.content for question, data in answers}


def text_from_mock(mock_url: str, prompt: str, model: str) -> str:
    """The expected text of one prompt."""
    question = Question((Message("user", prompt),))
    return texts_from_mock(mock_url, [question], model)[question]


def texts_from_app(
    endpoint: str, asked: Iterable[Question], model: str, **connection: Any
) -> dict[Question, str]:
    """The expected texts, through the app's endpoint: for a mock that only the app can reach."""
    answers = _answers(endpoint, path_of(endpoint), asked, model, connection)
    return {question: decoded(data, _Whole).text for question, data in answers}


def takes_usage(endpoint: str, model: str, **connection: Any) -> bool:
    """Whether an endpoint of completions may be asked for the usage of a stream, told by one token of it.

    Some refuse what they do not know, with a 400 that names it.
    """
    question = Question((Message("user", "Hi"),), max_tokens=1)
    asked = {**request_body(question, model, stream=True), "stream_options": {"include_usage": True}}
    try:
        with Client(endpoint, **connection) as client:
            for _ in client.post(path_of(endpoint), asked):
                pass
    except ClientError as error:
        return not USAGE_OPTION.search(str(error))
    return True


def path_of(url: str) -> str:
    """The path of a URL, with its query."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _answers(
    url: str, path: str, asked: Iterable[Question], model: str, connection: Mapping[str, Any]
) -> Iterator[tuple[Question, bytes]]:
    with Client(url, **connection) as client:
        for question in asked:
            body = request_body(question, undelayed(model), stream=False)
            yield question, b"".join(client.post(path, body))
