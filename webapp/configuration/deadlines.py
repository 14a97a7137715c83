"""When the host cuts an answer: as it says with each request, else as its documentation has it."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from webapp.configuration.hosts import DEADLINE_MARGIN_SECONDS, deadline_seconds, detected
from webapp.configuration.settings import Settings

LAMBDA_CONTEXT = "X-Amzn-Lambda-Context"
"""The header in which the Lambda Web Adapter passes on the function's context, as JSON.

It puts its own in the place of a caller's: https://github.com/aws/aws-lambda-web-adapter
"""
_DEADLINE_NAMES = ("deadline", "deadline_ms", "deadlineMs")
MARGIN_SHARE = 0.1
LEAST_MARGIN_SECONDS = 0.5
"""Of a limit that is told and not guessed. A Lambda function's is 3 s unless somebody sets it."""


class Deadlines:
    """How long the answer to each request may take, in seconds; infinite without a limit."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        host = detected(environ)
        self._on_lambda = bool(environ.get("AWS_LAMBDA_FUNCTION_NAME"))
        self._set = settings.deadline_seconds or math.inf
        # What the host says of this very request goes before what it documents, not before the operator.
        is_guess = settings.deadline_seconds == deadline_seconds(host)
        self._most = math.inf if is_guess else self._set

    def seconds(self, header: Callable[[str], str | None], elapsed_seconds: float) -> float:
        """Return how long from the request's arrival, so many seconds ago, the answer may take.

        `header` gives the request's, by its name.
        """
        told = _told_by_vercel()
        if told is None and self._on_lambda:
            told = _told_by_lambda(header(LAMBDA_CONTEXT))
        if told is None:
            return self._set
        left = max(0.0, told - time.time())
        margin = min(DEADLINE_MARGIN_SECONDS, max(LEAST_MARGIN_SECONDS, left * MARGIN_SHARE))
        return min(elapsed_seconds + max(0.0, left - margin), self._most)


def _told_by_vercel() -> float | None:
    """Return the epoch seconds at which the function of this request ends."""
    # Never imported: only Vercel's runtime itself has it, and only there is it in the process.
    runtime = sys.modules.get("vercel_runtime")
    get_deadline: Callable[[], datetime | None] | None = getattr(runtime, "get_deadline", None)
    deadline = get_deadline() if get_deadline else None
    return deadline.timestamp() if deadline else None


def _told_by_lambda(context: str | None) -> float | None:
    try:
        told = msgspec.json.decode(context or "", type=dict[str, object])
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None
    milliseconds = next((told[name] for name in _DEADLINE_NAMES if name in told), None)
    if not isinstance(milliseconds, int) or isinstance(milliseconds, bool) or milliseconds <= 0:
        return None
    return milliseconds / 1000
