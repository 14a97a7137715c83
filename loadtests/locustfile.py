"""Users who chat, streaming and blocking, and count an answer only if it is right to the byte.

`locust -f loadtests/locustfile.py --host URL`, from the root of the repository; the app must allow the model.
"""

import itertools
import random
import time
from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar

import gevent
import msgspec
from locust import FastHttpUser, events, task
from locust.contrib.fasthttp import ResponseContextManager
from locust.env import Environment
from locust.exception import StopTest, StopUser
from locust.runners import STATE_CLEANUP, STATE_STOPPED, STATE_STOPPING

from loadtests.chat import (
    BadAnswerError,
    ClientError,
    Collect,
    Question,
    chat_stream,
    chat_whole,
    questions,
    request_body,
    texts_from_app,
    texts_from_mock,
)
from loadtests.load import hooks, rows
from loadtests.load.asking import ASKED
from loadtests.load.receiving import DeadlineError, received

QUESTIONS = 24
THINK_SECONDS = 1.0
ENDING = (STATE_CLEANUP, STATE_STOPPING, STATE_STOPPED)


class ChatUser(FastHttpUser):
    """Asks one of the known questions, thinks, asks the next."""

    abstract = True
    mode: ClassVar[str]
    accept: ClassVar[str]
    collect: ClassVar[Collect]
    numbers: ClassVar[Iterator[int]] = itertools.count()

    def __init__(self, environment: Environment) -> None:
        options: Any = environment.parsed_options
        self.network_timeout = options.stall_seconds
        self.answer_seconds: float = options.answer_seconds
        super().__init__(environment)
        self.model: str = options.model
        self.known = known_answers(str(self.host), options.mock_url, options.model, options.seed)
        worker = getattr(environment.runner, "worker_index", 0)
        self.choices = random.Random(f"user/{options.seed}/{worker}/{next(self.numbers)}")

    def wait_time(self) -> float:
        return self.choices.uniform(0, THINK_SECONDS)

    @task
    def chat(self) -> None:
        if self.environment.runner and self.environment.runner.state in ENDING:
            # Locust ends users who think; one who has just done so would be ended in the middle of an answer.
            raise StopUser
        question, text = self.choices.choice(self.known)
        row = f"/chat {self.mode}"
        deadline = gevent.Timeout(self.answer_seconds, DeadlineError())
        sent = time.perf_counter()
        with ASKED.answer(), deadline, self.post(question, row) as response:
            response.request_meta["response_time"] = None  # the time of a wrong answer counts nowhere
            try:
                answer = received(response, type(self).collect, lambda: time.perf_counter() - sent)
                response.request_meta["response_length"] = answer.size
                timing = answer.timing(text)
            except BadAnswerError as error:
                response.failure(str(error))
            else:
                response.request_meta["response_time"] = timing.total * 1000
                response.success()
                rows.record(self.environment.stats, row, timing)

    def post(self, question: Question, row: str) -> ResponseContextManager:
        body = request_body(question, self.model, stream=self.mode == "streaming")
        return self.client.request(
            "POST",
            "/chat",
            name=row,
            data=msgspec.json.encode(body).decode(),
            # identity, because the raw reader does not decompress.
            headers={
                "Accept": self.accept,
                "Accept-Encoding": "identity",
                "Content-Type": "application/json",
            },
            stream=True,
            catch_response=True,
        )


class StreamingUser(ChatUser):
    """Reads the answer while it is written."""

    weight = 4
    mode = "streaming"
    accept = "text/event-stream"
    collect = chat_stream


class BlockingUser(ChatUser):
    """Waits for the whole answer."""

    weight = 1
    mode = "blocking"
    accept = "application/json"
    collect = chat_whole


@cache
def known_answers(url: str, mock_url: str, model: str, seed: int) -> tuple[tuple[Question, str], ...]:
    """The questions with their expected texts; raises StopTest if the texts cannot be had."""
    if not model.startswith("mock"):
        raise StopTest(f"--model: expected a model of the mock, whose answers are known; got {model!r}")
    asked = questions(seed, QUESTIONS)
    try:
        texts = texts_from_mock(mock_url, asked, model) if mock_url else texts_from_app(url, asked, model)
    except (BadAnswerError, ClientError) as error:
        raise StopTest(f"No expected texts: {error}") from error
    return tuple(texts.items())


hooks.register(events)
