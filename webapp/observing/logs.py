"""What the app logs: each record one line of JSON on stdout, where a host's log collector finds it.

All code logs through `logging`; structlog only writes, with msgspec, whose JSON costs a third of its own. It
is ASCII: whatever a caller or an upstream sends, no control character, line separator or terminal sequence
reaches whoever reads the log. Of an exception it has the type and the places it passed, never the text: a
parser's quotes what it could not read.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from io import TextIOWrapper
from typing import Any

import msgspec
import structlog
from structlog.processors import TimeStamper
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict

from webapp.observing.log_stream import LogStream

LOGGER = "webapp"
MOST_CAUSES = 5
MOST_PLACES = 15
"""How many exceptions of a chain, and how many frames of each, the innermost ones, are named."""
TALKATIVE = ("httpx2", "openai")
"""Loggers that have a line for each request, which a host that sets up the root logger would print."""
_UNSEEN = b"\x7f"
_encode = msgspec.json.Encoder(enc_hook=repr).encode
_encode_as_ascii = json.JSONEncoder(default=repr).encode


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
            _add_process,
            ExtraAdder(),
        ],
        processors=[
            ProcessorFormatter.remove_processors_meta,
            _without_text,
            _line,
        ],
    )


def _add_process(_logger: Any, _method: str, event: EventDict) -> EventDict:
    event["process"] = event["_record"].process
    return event


def _line(_logger: Any, _method: str, event: EventDict) -> str:
    try:
        line = _encode(event)
    except (ValueError, TypeError):
        # A half of a character, which UTF-8 has no bytes for.
        return _encode_as_ascii(event)
    return line.decode() if line.isascii() and _UNSEEN not in line else _encode_as_ascii(event)


def _without_text(_logger: Any, _method: str, event: EventDict) -> EventDict:
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
