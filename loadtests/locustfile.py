"""Users who chat, streaming and blocking, and count an answer only if it is right to the byte.

`locust -f loadtests/locustfile.py --host URL`, from the root of the repository; the app must allow the model.
"""

import itertools
import random
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import gevent
import msgspec
from locust import FastHttpUser, events, task
from locust.argument_parser import LocustArgumentParser
from locust.contrib.fasthttp import ResponseContextManager
from locust.env import Environment
from locust.exception import StopTest
from locust.runners import MasterRunner, WorkerRunner

from loadtests import finishing, report, rows, slo
from loadtests.client import ClientError
from loadtests.collecting import Collect, chat_stream, chat_whole
from loadtests.expected import request_body, texts_from_app, texts_from_mock
from loadtests.questions import Question, questions
from loadtests.receiving import received
from loadtests.timing import BadAnswerError

MODEL = "mock-ttft300-itl20-tokens50"
QUESTIONS = 24
THINK_SECONDS = 1.0
LAG_INTERVAL_SECONDS = 0.01


def add_options(parser: LocustArgumentParser) -> None:
    for name, default, meaning in (
        ("--model", MODEL, "model to ask for: one of the mock's, whose answers are known"),
        (
            "--mock-url",
            "",
            "where to ask the mock for the expected texts; without it, they are asked through the app",
        ),
        ("--seed", 1, "decides the questions, and who asks which when"),
        ("--stall-seconds", 30.0, "silence after which an answer has failed"),
        ("--report-json", "", "file to write the report to"),
    ):
        variable = "LOADTEST_" + name.strip("-").replace("-", "_").upper()
        parser.add_argument(name, env_var=variable, default=default, type=type(default), help=meaning)


def prepare(environment: Environment, **_: object) -> None:
    rows.refine_buckets()
    finishing.prepare(environment)
    # Or the run time would count from the loop's last look at the clock, before the imports.
    gevent.get_hub().loop.update_now()
    gevent.get_hub().NOT_ERROR += (StopTest,)  # Locust says it in one line; gevent would add its traceback
    if not isinstance(environment.runner, MasterRunner):
        gevent.spawn(watch_own_lag, environment)


def watch_own_lag(environment: Environment) -> None:
    """Log how late this process's own event loop runs while it has users."""
    while True:
        due = time.perf_counter() + LAG_INTERVAL_SECONDS
        gevent.sleep(LAG_INTERVAL_SECONDS)
        if environment.runner and environment.runner.user_count:
            rows.log(environment.stats, rows.CLIENT, rows.LAG, max(0.0, time.perf_counter() - due))


def conclude(environment: Environment, **_: object) -> None:
    options, runner = environment.parsed_options, environment.runner
    if options is None or runner is None or isinstance(runner, WorkerRunner):
        return
    about = {"host": environment.host, "model": options.model, "seed": options.seed}
    result = rows.report(environment.stats, len(runner.exceptions), about)
    environment.process_exit_code = slo.exit_code(result)
    if options.report_json:
        report.write(result, Path(options.report_json))


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
        super().__init__(environment)
        self.model: str = options.model
        self.known = known_answers(str(self.host), options.mock_url, options.model, options.seed)
        worker = getattr(environment.runner, "worker_index", 0)
        self.choices = random.Random(f"user/{options.seed}/{worker}/{next(self.numbers)}")

    def wait_time(self) -> float:
        return self.choices.uniform(0, THINK_SECONDS)

    @task
    def chat(self) -> None:
        question, text = self.choices.choice(self.known)
        row = f"/chat {self.mode}"
        sent = time.perf_counter()
        with self.post(question, row) as response:
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
    except ClientError as error:
        raise StopTest(f"No expected texts: {error}") from error
    return tuple(texts.items())


events.init_command_line_parser.add_listener(add_options)
events.init.add_listener(prepare)
events.quitting.add_listener(conclude)
