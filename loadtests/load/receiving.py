"""Receives an answer from Locust's client as it comes, and names what goes wrong by what the user sees."""

from collections.abc import Iterator
from http import HTTPStatus

import msgspec
from geventhttpclient.response import HTTPConnectionClosed, HTTPParseError, HTTPSocketPoolResponse
from geventhttpclient.useragent import RetriesExceeded
from locust.contrib.fasthttp import FastResponse

from loadtests.chat import Answer, BadAnswerError, Collect, Elapsed, collected


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


def received(response: FastResponse, collect: Collect, elapsed: Elapsed) -> Answer:
    """The answer, collected block by block; raises BadAnswerError if it is refused or breaks off."""
    try:
        _check_status(response)
        # Locust's own readers hold everything back until 1,024 bytes are there, and with it the first token.
        raw = response._response  # noqa: SLF001
        assert raw is not None  # noqa: S101 - a status has come
        return collected(_blocks(raw), collect, elapsed)
    except tuple(kind for kind, _ in FAILURES) as error:
        cause = getattr(error, "original", error)
        raise BadAnswerError(next(name for kind, name in FAILURES if isinstance(cause, kind))) from error


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


def _blocks(raw: HTTPSocketPoolResponse) -> Iterator[bytes]:
    try:
        while line := raw.readline(b"\n"):
            # The blank line that ends the event has come with it; to read it alone costs as much again.
            yield line + raw.read(len(raw._body_buffer))  # noqa: SLF001
        # What follows the last line end.
        if rest := raw.read():
            yield rest
    finally:
        raw.release()
