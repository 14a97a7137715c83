"""What the app logs: each record one line of JSON on stdout, where a host's log collector finds it.

All code logs through `logging`; structlog only writes. Its JSON is ASCII: whatever a caller or an upstream
sends, no control character, line separator or terminal sequence reaches whoever reads the log. Of an
exception it has the type and the places it passed, never the text: a parser's quotes what it could not read.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from io import TextIOWrapper
from typing import Any

import structlog
from structlog.processors import CallsiteParameter, CallsiteParameterAdder, JSONRenderer, TimeStamper
from structlog.stdlib import ExtraAdder, ProcessorFormatter

from webapp.observing.log_stream import LogStream

LOGGER = "webapp"
MOST_CAUSES = 5
MOST_PLACES = 15
"""How many exceptions of a chain, and how many frames of each, the innermost ones, are named."""
TALKATIVE = ("httpx2", "openai")
"""Loggers that have a line for each request, which a host that sets up the root logger would print."""


def write_json_lines(level: str) -> None:
    """Send what the app logs from this level on to stdout, unless its logger has a handler already."""
    logger = logging.getLogger(LOGGER)
    logger.setLevel(level.upper())
    for name in TALKATIVE:
        # Unless OPENAI_LOG, or somebody else, asked for them.
        if logging.getLogger(name).level == logging.NOTSET:
            logging.getLogger(name).setLevel(logging.WARNING)
    if logger.handlers:
        return
    # Left out of the lines, and dear: to name a greenlet's thread, Python makes an object of one for it.
    logging.logThreads = logging.logMultiprocessing = False
    handler = logging.StreamHandler(_stdout())
    handler.setFormatter(_formatter())
    logger.addHandler(handler)
    # A root logger that somebody set up, as the SDK does for OPENAI_LOG, would write each line once more.
    logger.propagate = False


def _stdout() -> Any:
    # Vercel's runtime, which puts an object of its own there, tells by it which request a line is of.
    if not isinstance(sys.stdout, TextIOWrapper):
        return sys.stdout
    try:
        return LogStream(sys.stdout.fileno())
    except (OSError, ValueError):
        # Captured, as by tests.
        return sys.stdout


def _formatter() -> logging.Formatter:
    return ProcessorFormatter(
        foreign_pre_chain=[
            TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            CallsiteParameterAdder([CallsiteParameter.PROCESS]),
            ExtraAdder(),
        ],
        processors=[
            ProcessorFormatter.remove_processors_meta,
            _without_text,
            JSONRenderer(),
        ],
    )


def _without_text(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put the kinds of the exception and of what caused it in place of the exception, and where they were."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else None
    kinds: list[str] = []
    places: list[str] = []
    while error is not None and len(kinds) < MOST_CAUSES:
        kinds.append(type(error).__qualname__)
        frames = traceback.extract_tb(error.__traceback__)[-MOST_PLACES:]
        places += [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        error = error.__cause__ or error.__context__
    if kinds:
        event["exception"] = " from ".join(kinds)
        event["traceback"] = places
    return event
