"""What gunicorn and gevent log of an error, without what a request said: its text, its client's address."""

from __future__ import annotations

import logging
from typing import Any

log = logging.getLogger(__name__)


def without_text(record: logging.LogRecord) -> bool:
    """Leave of gunicorn's lines what it says itself: what it adds may be a request's, or an error's text."""
    kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    record.msg, record.args = f"{record.msg} {kind}".rstrip(), ()
    record.exc_info = record.exc_text = None
    return True


def log_greenlet_error(_context: object, kind: Any, error: Any, _traceback: object) -> None:
    """In place of gevent's own, which prints the greenlet's arguments: the client's address among them."""
    exc_info = error if isinstance(error, BaseException) else None
    log.error("greenlet failed", extra={"error_type": getattr(kind, "__name__", None)}, exc_info=exc_info)
