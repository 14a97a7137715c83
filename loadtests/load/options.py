"""What Locust's command line takes beside its own options, each checked where it is given."""

import argparse
import os
import re
from collections.abc import Callable
from pathlib import Path

from locust.argument_parser import LocustArgumentParser

from loadtests.chat import APIS, PromptsError, questions_from
from loadtests.load.judging import limits
from loadtests.load.schedule.arrivals import CONSTANT, POISSON
from loadtests.load.schedule.stages import stages_of

APP = "chat"
MODEL = "mock-ttft300-itl20-tokens50"


def _stages(text: str) -> str:
    """The text itself: Locust hands options on to its workers, which can be told no other kinds of values."""
    try:
        if text:
            stages_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _limits(text: str) -> str:
    try:
        if text:
            limits.read(Path(text))
    except limits.LimitsError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _arrivals(text: str) -> str:
    if text not in (CONSTANT, POISSON):
        raise argparse.ArgumentTypeError(f"expected {CONSTANT} or {POISSON}, got {text!r}")
    return text


def _api(text: str) -> str:
    if text not in APIS:
        raise argparse.ArgumentTypeError(f"expected one of {', '.join(APIS)}; got {text!r}")
    return text


def _prompts(text: str) -> str:
    try:
        if text:
            questions_from(Path(text))
    except PromptsError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _file(text: str) -> str:
    """Refused here, and not when the run is over and its figures are lost."""
    if not text:
        return text
    path = Path(text)
    there = next(each for each in (path, *path.absolute().parents) if each.exists())
    if path.is_dir() or (there != path and not there.is_dir()) or not os.access(there, os.W_OK):
        raise argparse.ArgumentTypeError(f"cannot be written: {text}")
    return text


def _header(text: str) -> str:
    if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n]*", text):
        raise argparse.ArgumentTypeError("expected 'Name: value'")
    return text


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"expected seconds from 0 up, got {text!r}")
    return seconds


OPTIONS: tuple[tuple[str, object, Callable[[str], object], str], ...] = (
    ("--model", MODEL, str, "model to ask for: one of the mock's, whose answers are known"),
    (
        "--mock-url",
        "",
        str,
        "where to ask the mock for the expected texts; without it, they are asked through the app",
    ),
    (
        "--api",
        APP,
        _api,
        "what the target speaks: chat (the app's POST /chat), or OpenAI's completions or responses",
    ),
    ("--prompts", "", _prompts, "file of what to ask: JSON lines, or ShareGPT's array"),
    ("--seed", 1, int, "decides the questions, who asks which when, and when they arrive"),
    (
        "--rate",
        "",
        _stages,
        "open load: answers asked for a second, a number or stages such as 30:1-20,60:20",
    ),
    ("--arrivals", POISSON, _arrivals, "how the answers of --rate arrive: constant or poisson"),
    ("--stages", "", _stages, "closed load: users over time, as stages such as 30:1-20,60:20"),
    ("--think-seconds", 1.0, _seconds, "a user of a closed load thinks for up to this between two answers"),
    ("--warm-up-seconds", 0.0, _seconds, "answers asked for before this have no times"),
    ("--limits", "", _limits, "TOML file of what the run must hold"),
    ("--stall-seconds", 30.0, _seconds, "silence after which an answer has failed"),
    ("--answer-seconds", 60.0, _seconds, "time after which an answer without an end has failed"),
    ("--report-json", "", _file, "file to write the figures to"),
    ("--report-html", "", _file, "file to write the report to, one page that needs nothing else"),
    ("--answers", "", _file, "file to write a line of JSON to for each answer"),
)


def add_options(parser: LocustArgumentParser) -> None:
    for name, default, kind, meaning in OPTIONS:
        variable = "LOADTEST_" + name.strip("-").replace("-", "_").upper()
        parser.add_argument(name, env_var=variable, default=default, type=kind, help=meaning)
    parser.add_argument(
        "--token",
        env_var="LOADTEST_TOKEN",
        default="",
        is_secret=True,
        help="bearer token to send",
    )
    parser.add_argument(
        "--header",
        action="append",
        default=[],
        type=_header,
        include_in_web_ui=False,
        help="header to send, 'Name: value'; as often as you like",
    )
    # Read by the command that starts the run, which shows it.
    parser.add_argument("--live", default="", help=argparse.SUPPRESS, include_in_web_ui=False)
    # Set by the master for its workers: over how many of them the arrivals are spread.
    parser.add_argument("--generators", default=1, type=int, help=argparse.SUPPRESS, include_in_web_ui=False)
