"""What the app logs: each record one line of JSON on stdout, where a host's log collector finds it.

All code logs through `logging`; structlog only writes. Its JSON is ASCII: whatever a caller or an upstream
sends, no control character, line separator or terminal sequence reaches whoever reads the log.
"""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.processors import CallsiteParameter, CallsiteParameterAdder, JSONRenderer, TimeStamper
from structlog.stdlib import ExtraAdder, ProcessorFormatter

LOGGER = "webapp"


def write_json_lines(level: str) -> None:
    """Send what the app logs from this level on to stdout, unless its logger has a handler already."""
    logger = logging.getLogger(LOGGER)
    logger.setLevel(level.upper())
    if logger.handlers:
        return
    # Left out of the lines, and dear: to name a greenlet's thread, Python makes an object of one for it.
    logging.logThreads = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_formatter())
    logger.addHandler(handler)
    # A root logger that somebody set up, as the SDK does for OPENAI_LOG, would write each line once more.
    logger.propagate = False


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
            structlog.processors.format_exc_info,
            JSONRenderer(),
        ],
    )
