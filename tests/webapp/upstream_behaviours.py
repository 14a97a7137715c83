"""How servers behave towards the SDK, well and badly, and what its caller sees of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import openai
from openai import DefaultHttpxClient, OpenAI

from loadtests.rig.scripted import (
    CHUNKED,
    DONE,
    EVENT,
    LAST_CHUNK,
    OK,
    Ending,
    Script,
    ScriptedUpstream,
    Step,
    Talk,
    answer,
    chunk,
    plays,
)
from tests.conftest import MS
from webapp.upstream.client import open_stream
from webapp.upstream.transport.body import Body

PAYLOAD = {"model": "m", "messages": [], "stream": True}
ERROR = b'{"error":{"message":"no","type":"t","code":"c","param":null}}'
STREAM = CHUNKED + chunk(EVENT) + chunk(DONE) + LAST_CHUNK


def byte_by_byte(data: bytes) -> Script:
    return plays(*(data[at : at + 1] for at in range(len(data))))


def redirects(talk: Talk) -> list[Step]:
    if talk.path.startswith("/v1/"):
        return [answer(b"", b"307 Temporary Redirect", b"Location: /elsewhere\r\n")]
    return [STREAM]


def fails_once(first: bytes) -> Script:
    return lambda talk: [STREAM if talk.headers.get("x-stainless-retry-count") == "1" else first]


BEHAVIOURS: dict[str, Script] = {
    "chunked": plays(STREAM),
    "content length": plays(OK + b"Content-Length: %d\r\n\r\n" % len(EVENT) + EVENT),
    "until the close": plays(OK + b"\r\n" + EVENT, Ending.CLOSE),
    "http 1.0": plays(OK.replace(b"1.1", b"1.0") + b"\r\n" + EVENT, Ending.CLOSE),
    "connection close": plays(
        CHUNKED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + LAST_CHUNK, Ending.CLOSE
    ),
    "byte by byte": byte_by_byte(STREAM),
    "chunk extensions": plays(CHUNKED + b"5;a=b\r\nHello\r\n" + LAST_CHUNK),
    "trailers": plays(CHUNKED + chunk(EVENT) + b"0\r\nX-Checksum: 1\r\n\r\n"),
    "empty body": plays(answer(b"")),
    "no content": plays(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "no reason": plays(b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nHello"),
    "latin-1 header": plays(b"HTTP/1.1 200 OK\r\nX-Name: caf\xe9\r\nContent-Length: 5\r\n\r\nHello"),
    "empty header": plays(b"HTTP/1.1 200 OK\r\nX-Empty:\r\nContent-Length: 5\r\n\r\nHello"),
    "spaces around a header": plays(b"HTTP/1.1 200 OK\r\nX-Name: \t a  \r\nContent-Length: 5\r\n\r\nHello"),
    "100 continue": plays(b"HTTP/1.1 100 Continue\r\n\r\n" + STREAM),
    "103 early hints": plays(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + STREAM),
    "redirect": redirects,
    "400": plays(answer(ERROR, b"400 Bad Request")),
    "401": plays(answer(ERROR, b"401 Unauthorized")),
    "404": plays(answer(ERROR, b"404 Not Found")),
    "413 at once": plays(answer(ERROR, b"413 Content Too Large", b"Connection: close\r\n"), Ending.CLOSE),
    "422 that is no json": plays(answer(b"nonsense", b"422 Unprocessable Content")),
    "429": plays(answer(ERROR, b"429 Too Many Requests", b"retry-after-ms: 1\r\n")),
    "429 once": fails_once(answer(ERROR, b"429 Too Many Requests", b"retry-after: 0\r\n")),
    "429 not to be retried": plays(answer(ERROR, b"429 Too Many Requests", b"x-should-retry: false\r\n")),
    "500": plays(answer(ERROR, b"500 Internal Server Error")),
    "500 once": fails_once(answer(ERROR, b"500 Internal Server Error")),
    "500 that breaks off": plays(
        b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 500\r\n\r\nHello", Ending.CLOSE
    ),
    "503 without body": plays(answer(b"", b"503 Service Unavailable")),
    "reset before the headers": plays(20 * MS, Ending.RESET),
    "reset within the headers": plays(OK, 20 * MS, Ending.RESET),
    "reset within the body": plays(CHUNKED + chunk(EVENT), 20 * MS, Ending.RESET),
    "close before the headers": plays(Ending.CLOSE),
    "close within the headers": plays(OK, Ending.CLOSE),
    "close within the body": plays(CHUNKED + chunk(EVENT), Ending.CLOSE),
    "close within a chunk": plays(CHUNKED + chunk(EVENT)[:-10], Ending.CLOSE),
    "close before the length": plays(OK + b"Content-Length: 500\r\n\r\n" + EVENT, Ending.CLOSE),
    "garbage": plays(b"nonsense\r\n\r\n"),
    "garbage for a chunk": plays(CHUNKED + chunk(EVENT) + b"nonsense\r\n"),
    "endless headers": plays(OK + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n"),
    "two content lengths": plays(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nHello!"),
    "a length that is no number": plays(OK + b"Content-Length: five\r\n\r\nHello"),
    "two answers": plays(answer(b"one") + answer(b"two")),
    "101": plays(b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nabc"),
    "lower case": plays(b"http/1.1 200 ok\r\nContent-Length: 5\r\n\r\nHello"),
    "status 999": plays(b"HTTP/1.1 999 ok\r\nContent-Length: 5\r\n\r\nHello"),
    "status 99": plays(b"HTTP/1.1 99 ok\r\nContent-Length: 5\r\n\r\nHello"),
}

STALLS: dict[str, Script] = {
    "before the headers": plays(2.0),
    "within the headers": plays(OK, 2.0),
    "within the body": plays(CHUNKED + chunk(EVENT), 2.0),
}

REFUSED: dict[str, Script] = {
    "another protocol": plays(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "folded header": plays(b"HTTP/1.1 200 OK\r\nX-Name: a\r\n b\r\nContent-Length: 5\r\n\r\nHello"),
    "bare line feeds": plays(b"HTTP/1.1 200 OK\nContent-Length: 5\n\nHello"),
    "chunked and a length": plays(
        OK + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + LAST_CHUNK
    ),
    "http 1.2": plays(b"HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nHello"),
    "endless 100": plays(b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000 + STREAM),
}


@dataclass
class Outcome:
    """What a caller sees of one request, and the server of its client."""

    result: list[object]
    error: tuple[str, ...]
    requests: int


def names(error: BaseException) -> tuple[str, ...]:
    """The class of an error, with its status if it has one, and of what it came from."""
    name = f"{type(error).__name__} {getattr(error, 'status_code', '')}".strip()
    cause = error.__cause__
    return (name, type(cause).__name__) if isinstance(cause, httpx2.TransportError) else (name,)


def the_stream(client: OpenAI) -> Iterator[object]:
    """What is read of a stream, byte by byte."""
    timeout = httpx2.Timeout(client.timeout)
    yield from all_of(open_stream(client, PAYLOAD, timeout), timeout)


def all_of(body: Body, timeout: httpx2.Timeout) -> Iterator[object]:
    try:
        while data := body.read_available(timeout.read):
            yield from data
    finally:
        body.close()


def outcome(upstream: ScriptedUpstream, client: OpenAI, ask: Callable[[OpenAI], Iterator[object]]) -> Outcome:
    before = len(upstream.requests)
    results: list[object] = []
    error: tuple[str, ...] = ()
    try:
        results += ask(client)
    except (openai.OpenAIError, httpx2.HTTPError) as caught:
        error = names(caught)
    return Outcome(results, error, len(upstream.requests) - before)


def client_on(url: str, transport: httpx2.BaseTransport | None = None, **settings: Any) -> OpenAI:
    settings = {"timeout": 5.0, "max_retries": 1, **settings}
    http_client = DefaultHttpxClient(transport=transport) if transport else None
    return OpenAI(api_key="key", base_url=url, http_client=http_client, **settings)
