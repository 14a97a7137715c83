"""What happens around a run: its options, a watch on the load generator itself, the report at the end."""

import time
from pathlib import Path

import gevent
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.event import Events
from locust.exception import StopTest
from locust.runners import MasterRunner, WorkerRunner

from loadtests.load import finishing, report, rows, slo
from loadtests.load.asking import ASKED

MODEL = "mock-ttft300-itl20-tokens50"
LAG_INTERVAL_SECONDS = 0.01


def register(events: Events) -> None:
    """Hook all of it into Locust."""
    events.init_command_line_parser.add_listener(add_options)
    events.init.add_listener(prepare)
    ASKED.register(events)
    events.quitting.add_listener(conclude)


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
        ("--answer-seconds", 60.0, "time after which an answer without an end has failed, whatever comes"),
        ("--report-json", "", "file to write the report to"),
    ):
        variable = "LOADTEST_" + name.strip("-").replace("-", "_").upper()
        parser.add_argument(name, env_var=variable, default=default, type=type(default), help=meaning)


def prepare(environment: Environment, **_: object) -> None:
    rows.refine_buckets()
    finishing.prepare(environment)
    if environment.parsed_options is not None and not environment.stop_timeout:
        # Or each answer under way at the end would be lost: none is under way for longer.
        environment.stop_timeout = environment.parsed_options.answer_seconds + 1
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
    result = rows.report(environment.stats, ASKED.total, len(runner.exceptions), about)
    environment.process_exit_code = slo.exit_code(result)
    if options.report_json:
        report.write(result, Path(options.report_json))
