"""Receives an answer from Locust's client as it comes, and names what goes wrong by what the user sees."""

from http import HTTPStatus

import msgspec
from geventhttpclient.response import HTTPConnectionClosed, HTTPParseError
from geventhttpclient.useragent import RetriesExceeded
from locust.contrib.fasthttp import FastResponse

from loadtests.chat import Answer, BadAnswerError, Clock, Collect, collected
from loadtests.load.receiving.reading import blocks


class DeadlineError(TimeoutError):
    """An answer that has not come to its end in time, however much of it came."""


# The first that fits.
FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (DeadlineError, "no end in time"),
    (TimeoutError, "stalled"),
    (ConnectionRefusedError, "connection refused"),
    (ConnectionResetError, "connection reset"),
    (OSError, "connection failed"),
    (HTTPConnectionClosed, "closed without an answer"),
    (HTTPParseError, "cut short"),
    (RetriesExceeded, "connection failed"),  # wraps one of the above, even where no retry is allowed
)


def received(
    response: FastResponse, collect: Collect, clock: Clock, asked_at: float, stall_seconds: float
) -> Answer:
    """The answer, collected block by block; raises BadAnswerError if it is refused or breaks off.

    Times are of the clock; a silence of `stall_seconds` ends it.
    """
    try:
        _check_status(response)
        # Locust's own readers hold everything back until 1,024 bytes are there, and with it the first token.
        raw = response._response  # noqa: SLF001
        assert raw is not None  # noqa: S101 - a status has come
        answer = collected(blocks(raw, stall_seconds), collect, clock, asked_at)
    except tuple(kind for kind, _ in FAILURES) as error:
        cause = getattr(error, "original", error)
        raise BadAnswerError(next(name for kind, name in FAILURES if isinstance(cause, kind))) from error
    if answer.end is None and not answer.texts and "event-stream" not in (kind := _media_type(response)):
        raise BadAnswerError(f"no stream: {kind}")
    return answer


def _media_type(response: FastResponse) -> str:
    said = response.headers.get("content-type", "") if response.headers else ""
    return str(said).partition(";")[0] or "without a type"


def _check_status(response: FastResponse) -> None:
    if response.status_code == HTTPStatus.OK:
        return
    if response.status_code == 0:
        response.raise_for_status()  # what kept the answer from coming
    try:
        code = msgspec.json.decode(response.content or b"", type=_Refusal).error.code
    except msgspec.MsgspecError:
        code = "without a code"
    raise BadAnswerError(f"refused: {response.status_code} {code}")


class _Error(msgspec.Struct):
    code: str


class _Refusal(msgspec.Struct):
    error: _Error
