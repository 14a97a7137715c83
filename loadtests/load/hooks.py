"""What happens around a run: its load, a watch on the load generator itself, the report at the end."""

import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import gevent
import msgspec
from locust import FastHttpUser
from locust.env import Environment
from locust.event import Events
from locust.exception import StopTest
from locust.runners import MasterRunner, WorkerRunner

from loadtests.load import options, report, rows, summary
from loadtests.load.about import about as about_run
from loadtests.load.about import without_password
from loadtests.load.clock import now
from loadtests.load.judging import limits, verdict
from loadtests.load.ledger import journal
from loadtests.load.ledger.ledger import ledger_of, shared
from loadtests.load.page.page import page
from loadtests.load.processes import finishing
from loadtests.load.processes.asking import ASKED
from loadtests.load.processes.generator import GENERATOR
from loadtests.load.processes.records import RECORDS
from loadtests.load.processes.watching import tell, watch_own_lag
from loadtests.load.schedule.arriving import Arrivals
from loadtests.load.schedule.shape import Staged
from loadtests.load.schedule.stages import duration, stages_of

TAGS = frozenset({"stream", "block"})
"""What users do where the command line does not say."""


def register(events: Events, asking: type[FastHttpUser]) -> None:
    """Hook all of it into Locust; `asking` are the users of an open load."""
    Arrivals.asking = asking
    events.init_command_line_parser.add_listener(options.add_options)
    events.init.add_listener(prepare)
    for each in (ASKED, RECORDS, GENERATOR):
        each.register(events)
    events.quitting.add_listener(conclude)


def prepare(environment: Environment, **_: object) -> None:
    rows.refine_buckets()
    finishing.prepare(environment)
    if environment.parsed_options is not None:
        prepare_load(environment, environment.parsed_options)
    # Or the run time would count from the loop's last look at the clock, before the imports.
    gevent.get_hub().loop.update_now()
    gevent.get_hub().NOT_ERROR += (StopTest,)  # Locust says it in one line; gevent would add its traceback
    if not isinstance(environment.runner, MasterRunner):
        gevent.spawn(watch_own_lag, environment)
    if environment.parsed_options is not None and not isinstance(environment.runner, WorkerRunner):
        gevent.spawn(tell, rows.live_tab(environment), environment.parsed_options.live)


def prepare_load(environment: Environment, chosen: Any) -> None:
    """Set up what the command line asks for, in Locust's own terms."""
    if not environment.stop_timeout:
        # Or each answer under way at the end would be lost: none is under way for longer.
        environment.stop_timeout = chosen.answer_seconds + 1
    if not chosen.tags:
        environment.tags = list(TAGS)
    if chosen.rate:
        # Locust filters the tasks of the users that it knows, once: those whose turn the arrivals are.
        environment._filter_tasks_by_tags()  # noqa: SLF001
        environment.user_classes = [Arrivals]
        if isinstance(environment.runner, MasterRunner):
            chosen.generators = chosen.expect_workers
        chosen.num_users, chosen.spawn_rate = chosen.generators, 100
        seconds = duration(stages_of(chosen.rate))
        if not chosen.run_time and math.isfinite(seconds):
            chosen.run_time = math.ceil(seconds)
    elif chosen.stages and environment.runner and not isinstance(environment.runner, WorkerRunner):
        environment.shape_class = Staged(stages_of(chosen.stages))
        environment.shape_class.runner = environment.runner


def conclude(environment: Environment, **_: object) -> None:
    chosen, runner = environment.parsed_options, environment.runner
    if chosen is None or runner is None or isinstance(runner, WorkerRunner):
        return
    about = {
        "host": without_password(environment.host or ""),
        "model": chosen.model,
        "seed": chosen.seed,
        "load": f"open, {chosen.rate}/s, {chosen.arrivals}" if chosen.rate else "closed",
        **about_run(),
    }
    kind = chosen.arrivals if chosen.rate else ""
    noted = journal.journal_of(chosen.mock_url, RECORDS.all)
    RECORDS.all = shared(RECORDS.all, noted.entries)
    result = replace(
        summary.report_of(RECORDS.all, ASKED.total, about, kind),
        crashes=len(runner.exceptions),
        client_lag=rows.lag(environment.stats),
        observed=GENERATOR.worst(),
        mock_late=journal.lateness(noted.entries),
        ledger=ledger_of(RECORDS.all, noted.entries, now(), now() - time.monotonic()),
        journal_doubt=noted.doubt,
    )
    result = judged(result, limits.read(Path(chosen.limits)) if chosen.limits else limits.Limits())
    environment.process_exit_code = verdict.exit_code(result)
    write(result, chosen)


def write(result: report.Report, chosen: Any) -> None:
    if chosen.report_json:
        report.write(result, Path(chosen.report_json))
    if chosen.report_html:
        milliseconds = {
            mode: {metric: [second * 1000 for second in seconds] for metric, seconds in metrics.items()}
            for mode, metrics in summary.values(RECORDS.all).items()
        }
        _written(chosen.report_html).write_text(page(result, RECORDS.all, milliseconds))
    if chosen.answers:
        _written(chosen.answers).write_bytes(msgspec.json.Encoder().encode_lines(RECORDS.all))


def _written(path: str) -> Path:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return Path(path)


def judged(result: report.Report, held: limits.Limits) -> report.Report:
    """The same with its gates and its verdict."""
    result = replace(result, good=limits.good_answers(RECORDS.all, held))
    result = replace(result, gates=tuple(limits.gates(result, held)))
    return replace(result, doubts=tuple(verdict.doubts(result)))
