"""Users who chat, streaming and blocking, and count an answer only if it is right to the byte.

`locust -f loadtests/locustfile.py --host URL`, from the root of the repository; the app must allow the model.
"""

import itertools
import random
import ssl
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import gevent
import msgspec
from locust import FastHttpUser, events, tag, task
from locust.contrib.fasthttp import ResponseContextManager
from locust.env import Environment
from locust.exception import StopTest, StopUser
from locust.user.task import DefaultTaskSet

from loadtests.chat import (
    APIS,
    Api,
    BadAnswerError,
    ClientError,
    Collect,
    Message,
    Question,
    conversations,
    questions,
    questions_from,
    streamed,
    takes_usage,
    texts_from_app,
    texts_from_mock,
    whole,
)
from loadtests.load import hooks, rows
from loadtests.load.clock import BEGAN, now
from loadtests.load.options import APP
from loadtests.load.processes.asking import ASKED
from loadtests.load.processes.records import RECORDS, RIGHT, Record
from loadtests.load.receiving.receiving import DeadlineError, received
from loadtests.load.receiving.taking import LeftError, leaving_after, slowly
from loadtests.load.schedule.arriving import ENDING

QUESTIONS = 24
CONVERSATIONS, TURNS = 4, 3
LEAVING_AFTER = (0, 3)
"""Texts: before the first, and while the answer is written."""


@dataclass(frozen=True)
class Source:
    """Where the expected texts are, and how they are asked for."""

    endpoint: str
    mock_url: str
    model: str
    api: str
    headers: tuple[tuple[str, str], ...]

    @property
    def has_known_answers(self) -> bool:
        return self.model.startswith("mock")

    @property
    def connection(self) -> dict[str, Any]:
        """As Locust's own, which looks at no certificate."""
        return {"headers": dict(self.headers), "tls": ssl._create_unverified_context()}  # noqa: S323, SLF001


@dataclass(frozen=True)
class Behaviour:
    """One way to ask and to take the answer."""

    name: str
    collect: Callable[[Api], Collect]
    accept: str = "text/event-stream"
    has_times: bool = True
    """Whether the times of its answers are the app's, and not the user's own."""


STREAM = Behaviour("streaming", lambda api: streamed(api.items))
BLOCK = Behaviour("blocking", lambda api: whole(api.item), accept="application/json")
CONVERSE = Behaviour("conversing", lambda api: streamed(api.items))
SLOW = Behaviour("slow", lambda api: slowly(api.items), has_times=False)


class SeededTasks(DefaultTaskSet):
    """Locust's own draws from a source that no seed of ours decides."""

    def get_next_task(self) -> Any:
        user: Any = self.user
        return user.draws.choice(user.tasks)


class ChatUser(FastHttpUser):
    """Asks one of the known questions, thinks, asks the next. Each task is a behaviour, with a tag."""

    numbers: ClassVar[Iterator[int]] = itertools.count()

    def __init__(self, environment: Environment) -> None:
        options: Any = environment.parsed_options
        self.network_timeout = options.stall_seconds
        self.answer_seconds: float = options.answer_seconds
        self.warm_up_seconds: float = options.warm_up_seconds
        self.think_seconds: float = options.think_seconds
        super().__init__(environment)
        self.model: str = options.model
        self.api = APIS[options.api]
        self.url = self.api.url_at(str(self.host))
        self.path = urlsplit(self.url).path
        self.headers = dict(map(_name_and_value, options.header))
        if options.token:
            self.headers["Authorization"] = f"Bearer {options.token}"
        elif self.client.auth_header:
            self.headers.setdefault("Authorization", self.client.auth_header)
        self.source = Source(
            self.url, options.mock_url, options.model, options.api, tuple(self.headers.items())
        )
        self.known = known_answers(self.source, options.seed, options.prompts)
        self.asks_for_usage = options.api != "completions" or may_ask_for_usage(self.source)
        worker = getattr(environment.runner, "worker_index", 0)
        number = next(self.numbers)
        self.choices = random.Random(f"user/{options.seed}/{worker}/{number}")
        self.draws = random.Random(f"tasks/{options.seed}/{worker}/{number}")
        self.due: float | None = None
        """When the answer is to be asked for, where that is not this user's own affair."""

    def on_start(self) -> None:
        self._taskset_instance = SeededTasks(self)

    def wait_time(self) -> float:
        return self.choices.uniform(0, self.think_seconds)

    @tag("stream")
    @task(4)
    def stream(self) -> None:
        """Reads the answer while it is written."""
        self.ask(STREAM, *self.choices.choice(self.known))

    @tag("block")
    @task(1)
    def block(self) -> None:
        """Waits for the whole answer."""
        self.ask(BLOCK, *self.choices.choice(self.known))

    @tag("converse")
    @task(1)
    def converse(self) -> None:
        """Says several things one after the other, each with all that was said before."""
        options: Any = self.environment.parsed_options
        for question, text in self.choices.choice(known_conversations(self.source, options.seed)):
            self.ask(CONVERSE, question, text)
            self.due = None

    @tag("abandon")
    @task(1)
    def abandon(self) -> None:
        """Leaves before the first token, or soon after it."""
        question, text = self.choices.choice(self.known)
        texts = self.choices.choice(LEAVING_AFTER)
        leaving = Behaviour("leaving", lambda api: leaving_after(texts, text, api.items), has_times=False)
        self.ask(leaving, question, text)

    @tag("slow")
    @task(1)
    def slow(self) -> None:
        """Reads more slowly than the answer comes."""
        self.ask(SLOW, *self.choices.choice(self.known))

    def ask(self, behaviour: Behaviour, question: Question, text: str | None) -> None:
        """Ask for one answer, and record what becomes of it."""
        if self.due is None and self.environment.runner and self.environment.runner.state in ENDING:
            # Locust ends users who think; one who has just done so would be ended in the middle of an answer.
            raise StopUser
        collect, row = behaviour.collect(self.api), f"{self.path} {behaviour.name}"
        request_id = f"loadtest-{uuid.uuid4().hex}"
        deadline = gevent.Timeout(self.answer_seconds, DeadlineError())
        sent = now()
        RECORDS.began = min(RECORDS.began, self.due or sent)
        with ASKED.answer(), deadline, self.post(behaviour, question, row, request_id) as response:
            response.request_meta["response_time"] = None  # the time of a wrong answer counts nowhere
            timing, outcome, left = None, RIGHT, None
            try:
                answer = received(response, collect, time.perf_counter, sent - BEGAN, self.network_timeout)
                response.request_meta["response_length"] = answer.size
                timing = answer.timing(text)
            except LeftError:
                left = now()
                response.success()
            except BadAnswerError as error:
                outcome = str(error)
                response.failure(outcome)
            else:
                response.success()
            is_warm_up = (self.due or sent) < RECORDS.began + self.warm_up_seconds
            record = Record(
                request_id=request_id,
                mode=row,
                outcome=outcome,
                sent=sent,
                due=self.due,
                timing=timing if behaviour.has_times and not is_warm_up else None,
                left=left,
                is_warm_up=is_warm_up,
            )
            self.record(response, record)

    def record(self, response: ResponseContextManager, record: Record) -> None:
        RECORDS.add(record)
        if record.timing:
            response.request_meta["response_time"] = record.timing.total * 1000
            rows.log_parts(self.environment.stats, record)

    def post(
        self, behaviour: Behaviour, question: Question, row: str, request_id: str
    ) -> ResponseContextManager:
        body = self.api.body(question, self.model, behaviour is not BLOCK)
        if not self.asks_for_usage:
            body.pop("stream_options", None)
        return self.client.request(
            "POST",
            self.url,
            name=row,
            data=msgspec.json.encode(body).decode(),
            # identity, because the raw reader does not decompress.
            headers={
                "Accept": behaviour.accept,
                "Accept-Encoding": "identity",
                "Content-Type": "application/json",
                "X-Request-ID": request_id,
                "X-Client-Request-Id": request_id,
                **self.headers,
            },
            stream=True,
            catch_response=True,
        )


def _name_and_value(header: str) -> tuple[str, str]:
    name, _, value = header.partition(":")
    return name, value.strip()


@cache
def known_answers(source: Source, seed: int, prompts: str) -> tuple[tuple[Question, str | None], ...]:
    """The questions with their texts, None if no mock's; raises StopTest if those cannot be had."""
    given = questions_from(Path(prompts)) if prompts else questions(seed, QUESTIONS)
    asked = tuple(map(APIS[source.api].allowed, given))
    if not source.has_known_answers:
        return tuple((question, None) for question in asked)
    # Where reasoning takes all of a small max_tokens, there is nothing to be seen.
    found = [(question, text) for question, text in expected_texts(source, asked).items() if text]
    if not found:
        raise StopTest(f"No expected texts: {source.model} has none for any of the questions")
    return tuple(found)


@cache
def known_conversations(source: Source, seed: int) -> tuple[tuple[tuple[Question, str], ...], ...]:
    """The turns of each conversation; the answers in it are the mock's own."""
    if not source.has_known_answers:
        raise StopTest(
            f"--tags converse: expected a model of the mock, whose answers are known; got {source.model!r}"
        )
    found = []
    for prompts in conversations(seed, CONVERSATIONS, TURNS):
        turns: list[tuple[Question, str]] = []
        messages: tuple[Message, ...] = ()
        for prompt in prompts:
            question = Question((*messages, Message("user", prompt)))
            text = expected_texts(source, (question,))[question]
            turns.append((question, text))
            messages = (*question.messages, Message("assistant", text))
        found.append(tuple(turns))
    return tuple(found)


@cache
def may_ask_for_usage(source: Source) -> bool:
    return source.has_known_answers or takes_usage(source.endpoint, source.model, **source.connection)


def expected_texts(source: Source, asked: tuple[Question, ...]) -> dict[Question, str]:
    """From the mock where it can be reached, be it the target; raises StopTest if they cannot be had."""
    mock_url = source.mock_url or (source.endpoint if source.api != APP else "")
    try:
        if mock_url:
            return texts_from_mock(mock_url, asked, source.model, **source.connection)
        return texts_from_app(source.endpoint, asked, source.model, **source.connection)
    except (BadAnswerError, ClientError) as error:
        raise StopTest(f"No expected texts: {error}") from error


hooks.register(events, ChatUser)
