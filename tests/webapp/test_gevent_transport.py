"""The gevent transport does what the SDK's own does, result by result, and keeps its connections besides."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gevent
import httpx2
import openai
import pytest
from openai import DefaultHttpxClient, OpenAI

from tests.conftest import MS
from tests.webapp.scripted_upstream import (
    CHUNKED,
    DONE,
    EVENT,
    LAST_CHUNK,
    OK,
    Script,
    ScriptedUpstream,
    Talk,
    answer,
    chunk,
)
from webapp import gevent_connections
from webapp.body import Body
from webapp.gevent_transport import GeventTransport
from webapp.transport import open_stream

COMPLETION = (
    b'{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,'
    b'"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}'
)
ERROR = b'{"error":{"message":"no","type":"t","code":"c","param":null}}'
STREAM = CHUNKED + chunk(EVENT) + chunk(DONE) + LAST_CHUNK


def sends(data: bytes) -> Script:
    return lambda talk: talk.send(data)


def sends_and_closes(data: bytes) -> Script:
    def script(talk: Talk) -> None:
        talk.send(data)
        talk.close()

    return script


def sends_and_resets(data: bytes) -> Script:
    def script(talk: Talk) -> None:
        talk.send(data)
        talk.wait(20 * MS)
        talk.reset()

    return script


def sends_and_stalls(data: bytes) -> Script:
    def script(talk: Talk) -> None:
        talk.send(data)
        talk.wait(2)

    return script


def byte_by_byte(data: bytes) -> Script:
    def script(talk: Talk) -> None:
        for at in range(len(data)):
            talk.send(data[at : at + 1])

    return script


def redirects(talk: Talk) -> None:
    if talk.request.startswith(b"POST /v1/"):
        talk.send(answer(b"", b"307 Temporary Redirect", b"Location: /elsewhere\r\n"))
    else:
        talk.send(STREAM)


def fails_once(first: bytes) -> Script:
    def script(talk: Talk) -> None:
        again = b"x-stainless-retry-count: 1" in talk.request.lower()
        talk.send(STREAM if again else first)

    return script


def refuses_before_it_has_read(talk: Talk) -> None:
    talk.send(answer(ERROR, b"413 Content Too Large", b"Connection: close\r\n"))
    talk.close()


BEHAVIOURS: dict[str, Script] = {
    "chunked": sends(STREAM),
    "content length": sends(OK + b"Content-Length: %d\r\n\r\n" % len(EVENT) + EVENT),
    "until the close": sends_and_closes(OK + b"\r\n" + EVENT),
    "http 1.0": sends_and_closes(OK.replace(b"1.1", b"1.0") + b"\r\n" + EVENT),
    "connection close": sends_and_closes(
        CHUNKED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + LAST_CHUNK
    ),
    "byte by byte": byte_by_byte(STREAM),
    "chunk extensions": sends(CHUNKED + b"5;a=b\r\nHello\r\n" + LAST_CHUNK),
    "trailers": sends(CHUNKED + chunk(EVENT) + b"0\r\nX-Checksum: 1\r\n\r\n"),
    "empty body": sends(answer(b"")),
    "no content": sends(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "no reason": sends(b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nHello"),
    "latin-1 header": sends(b"HTTP/1.1 200 OK\r\nX-Name: caf\xe9\r\nContent-Length: 5\r\n\r\nHello"),
    "empty header": sends(b"HTTP/1.1 200 OK\r\nX-Empty:\r\nContent-Length: 5\r\n\r\nHello"),
    "spaces around a header": sends(b"HTTP/1.1 200 OK\r\nX-Name: \t a  \r\nContent-Length: 5\r\n\r\nHello"),
    "100 continue": sends(b"HTTP/1.1 100 Continue\r\n\r\n" + STREAM),
    "103 early hints": sends(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + STREAM),
    "redirect": redirects,
    "400": sends(answer(ERROR, b"400 Bad Request")),
    "401": sends(answer(ERROR, b"401 Unauthorized")),
    "404": sends(answer(ERROR, b"404 Not Found")),
    "413 at once": refuses_before_it_has_read,
    "422 that is no json": sends(answer(b"nonsense", b"422 Unprocessable Content")),
    "429": sends(answer(ERROR, b"429 Too Many Requests", b"retry-after-ms: 1\r\n")),
    "429 once": fails_once(answer(ERROR, b"429 Too Many Requests", b"retry-after: 0\r\n")),
    "429 not to be retried": sends(answer(ERROR, b"429 Too Many Requests", b"x-should-retry: false\r\n")),
    "500": sends(answer(ERROR, b"500 Internal Server Error")),
    "500 once": fails_once(answer(ERROR, b"500 Internal Server Error")),
    "500 that breaks off": sends_and_closes(
        b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 500\r\n\r\nHello"
    ),
    "503 without body": sends(answer(b"", b"503 Service Unavailable")),
    "reset before the headers": sends_and_resets(b""),
    "reset within the headers": sends_and_resets(OK),
    "reset within the body": sends_and_resets(CHUNKED + chunk(EVENT)),
    "close before the headers": sends_and_closes(b""),
    "close within the headers": sends_and_closes(OK),
    "close within the body": sends_and_closes(CHUNKED + chunk(EVENT)),
    "close within a chunk": sends_and_closes(CHUNKED + chunk(EVENT)[:-10]),
    "close before the length": sends_and_closes(OK + b"Content-Length: 500\r\n\r\n" + EVENT),
    "garbage": sends(b"nonsense\r\n\r\n"),
    "garbage for a chunk": sends(CHUNKED + chunk(EVENT) + b"nonsense\r\n"),
    "endless headers": sends(OK + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n"),
    "two content lengths": sends(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nHello!"),
    "a length that is no number": sends(OK + b"Content-Length: five\r\n\r\nHello"),
    "two answers": sends(answer(b"one") + answer(b"two")),
    "101": sends(b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nabc"),
    "lower case": sends(b"http/1.1 200 ok\r\nContent-Length: 5\r\n\r\nHello"),
    "status 999": sends(b"HTTP/1.1 999 ok\r\nContent-Length: 5\r\n\r\nHello"),
    "status 99": sends(b"HTTP/1.1 99 ok\r\nContent-Length: 5\r\n\r\nHello"),
}

STALLS: dict[str, Script] = {
    "before the headers": sends_and_stalls(b""),
    "within the headers": sends_and_stalls(OK),
    "within the body": sends_and_stalls(CHUNKED + chunk(EVENT)),
}

REFUSED: dict[str, Script] = {
    "another protocol": sends(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "folded header": sends(b"HTTP/1.1 200 OK\r\nX-Name: a\r\n b\r\nContent-Length: 5\r\n\r\nHello"),
    "bare line feeds": sends(b"HTTP/1.1 200 OK\nContent-Length: 5\n\nHello"),
    "chunked and a length": sends(
        OK + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + LAST_CHUNK
    ),
    "http 1.2": sends(b"HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nHello"),
    "endless 100": sends(b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000 + STREAM),
}


@dataclass
class Outcome:
    """What a caller sees of one request, and the server of its client."""

    result: object
    error: tuple[str, ...]
    requests: int


def names(error: BaseException) -> tuple[str, ...]:
    """The class of an error, with its status if it has one, and of what it came from."""
    name = f"{type(error).__name__} {getattr(error, 'status_code', '')}".strip()
    cause = error.__cause__
    return (name, type(cause).__name__) if isinstance(cause, httpx2.TransportError) else (name,)


def the_stream(client: OpenAI) -> Iterator[object]:
    body = open_stream(client, {"model": "m", "messages": [], "stream": True}, httpx2.Timeout(client.timeout))
    try:
        while data := body.read_available(client.timeout):
            yield from data
    finally:
        body.close()


def the_whole(client: OpenAI) -> Iterator[object]:
    response = client.post("/chat/completions", cast_to=httpx2.Response, body={"model": "m"})
    yield response.http_version, response.status_code, response.reason_phrase
    yield response.headers.raw
    yield response.content


def outcome(upstream: ScriptedUpstream, client: OpenAI, ask: Callable[[OpenAI], Iterator[object]]) -> Outcome:
    before = len(upstream.requests)
    results: list[object] = []
    error: tuple[str, ...] = ()
    try:
        results += ask(client)
    except (openai.OpenAIError, httpx2.HTTPError) as caught:
        error = names(caught)
    return Outcome(results, error, len(upstream.requests) - before)


@pytest.fixture(autouse=True)
def _no_sleep_before_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OpenAI, "_sleep_for_retry", lambda *_, **__: None)


def client_on(url: str, transport: httpx2.BaseTransport | None = None, **settings: Any) -> OpenAI:
    settings = {"timeout": 5.0, "max_retries": 1, **settings}
    http_client = DefaultHttpxClient(transport=transport) if transport else None
    return OpenAI(api_key="key", base_url=url, http_client=http_client, **settings)


@pytest.fixture
def transport() -> Iterator[GeventTransport]:
    made = GeventTransport(pool_size=10)
    yield made
    made.close()


@pytest.mark.parametrize("ask", [the_stream, the_whole])
@pytest.mark.parametrize("script", BEHAVIOURS.values(), ids=BEHAVIOURS)
def test_the_same_result_as_the_sdks_own_transport(
    script: Script, ask: Callable[[OpenAI], Iterator[object]], transport: GeventTransport
) -> None:
    with ScriptedUpstream(script) as upstream, client_on(upstream.url) as usual:
        expected = outcome(upstream, usual, ask)
        got = outcome(upstream, client_on(upstream.url, transport), ask)

    assert got == expected


@pytest.mark.parametrize("ask", [the_stream, the_whole])
@pytest.mark.parametrize("script", STALLS.values(), ids=STALLS)
def test_the_same_timeouts_as_the_sdks_own_transport(
    script: Script, ask: Callable[[OpenAI], Iterator[object]], transport: GeventTransport
) -> None:
    with ScriptedUpstream(script) as upstream, client_on(upstream.url, timeout=150 * MS) as usual:
        expected = outcome(upstream, usual, ask)
        got = outcome(upstream, client_on(upstream.url, transport, timeout=150 * MS), ask)

    assert got == expected


@pytest.mark.parametrize("script", REFUSED.values(), ids=REFUSED)
def test_what_is_read_more_strictly_than_by_the_sdks_own_transport(
    script: Script, transport: GeventTransport
) -> None:
    with ScriptedUpstream(script) as upstream:
        got = outcome(upstream, client_on(upstream.url, transport), the_stream)

    assert got == Outcome([], ("APIConnectionError", "RemoteProtocolError"), requests=2)


@pytest.mark.parametrize("ask", [the_stream, the_whole])
@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("http://127.0.0.1:1/v1", {}),
        ("http://nowhere.invalid/v1", {}),
        ("ftp://127.0.0.1/v1", {}),
        ("", {"X-Name": "a\r\nb"}),
        ("", {"X-Name": "a "}),
        ("", {"X Name": "a"}),
    ],
)
def test_the_same_error_when_nothing_can_be_sent(
    url: str, headers: dict[str, str], ask: Callable[[OpenAI], Iterator[object]], transport: GeventTransport
) -> None:
    with ScriptedUpstream(sends(STREAM)) as upstream:
        url = url or upstream.url
        with client_on(url, default_headers=headers) as usual:
            expected = outcome(upstream, usual, ask)
        got = outcome(upstream, client_on(url, transport, default_headers=headers), ask)

    assert got == expected
    assert expected.error[0] == "APIConnectionError"


@pytest.mark.parametrize("ask", [the_stream, the_whole])
def test_the_same_error_when_no_connection_is_accepted_in_time(
    ask: Callable[[OpenAI], Iterator[object]], transport: GeventTransport
) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        with socket.create_connection(address), ScriptedUpstream(sends(STREAM)) as upstream:
            url = f"http://127.0.0.1:{address[1]}/v1"
            with client_on(url, timeout=150 * MS) as usual:
                expected = outcome(upstream, usual, ask)
            got = outcome(upstream, client_on(url, transport, timeout=150 * MS), ask)

    assert got == expected == Outcome([], ("APITimeoutError", "ConnectTimeout"), requests=0)


def test_a_compressed_answer_is_decompressed_where_it_is_read_whole(transport: GeventTransport) -> None:
    compressed = gzip.compress(b"Hello")
    with ScriptedUpstream(sends(answer(compressed, headers=b"Content-Encoding: gzip\r\n"))) as upstream:
        got = outcome(upstream, client_on(upstream.url, transport), the_whole)

    assert got.result[-1] == b"Hello"


def test_a_request_body_of_unknown_length(transport: GeventTransport) -> None:
    with ScriptedUpstream(sends(answer(b""))) as upstream, httpx2.Client(transport=transport) as client:
        client.post(upstream.url, content=iter([b"Hel", b"lo"]))

        assert upstream.requests[0].endswith(b"\r\n\r\n5\r\nHello\r\n0\r\n\r\n")


# What the SDK's own transport does not do.


def opened(upstream: ScriptedUpstream, transport: GeventTransport) -> Body:
    payload = {"model": "m", "messages": [], "stream": True}
    return open_stream(client_on(upstream.url, transport), payload, httpx2.Timeout(1))


def read_to_done(body: Body) -> None:
    data = b""
    while not data.endswith(DONE):
        read = body.read_available(1)
        assert read
        data += read


def late_end(talk: Talk) -> None:
    talk.send(CHUNKED + chunk(EVENT) + chunk(DONE))
    talk.wait(20 * MS)
    talk.send(LAST_CHUNK)


@pytest.mark.parametrize("script", [sends(STREAM), late_end, byte_by_byte(STREAM)])
def test_one_connection_carries_one_streamed_answer_after_another(
    script: Script, transport: GeventTransport
) -> None:
    with ScriptedUpstream(script) as upstream:
        for _ in range(3):
            body = opened(upstream, transport)
            read_to_done(body)
            body.release()
            body.close()
            gevent.sleep(60 * MS)

        assert (upstream.connections, len(upstream.requests)) == (1, 3)


def test_what_follows_a_released_answer_is_waited_for_a_bounded_time(transport: GeventTransport) -> None:
    gone: list[bool] = []

    def script(talk: Talk) -> None:
        talk.send(CHUNKED + chunk(DONE))
        gone.append(talk.gone(within=2))

    with ScriptedUpstream(script) as upstream:
        body = opened(upstream, transport)
        read_to_done(body)
        before = time.monotonic()
        body.release()
        assert time.monotonic() - before < 50 * MS
        gevent.sleep(0.2)

    assert gone == [True]


def test_what_follows_a_released_answer_is_read_to_a_bounded_length(transport: GeventTransport) -> None:
    sent: list[int] = []

    def script(talk: Talk) -> None:
        talk.send(CHUNKED + chunk(DONE))
        while True:
            talk.send(chunk(b"x" * 4096))
            sent.append(4096)

    with ScriptedUpstream(script) as upstream:
        body = opened(upstream, transport)
        body.read_available(1)
        body.release()
        gevent.sleep(50 * MS)
        stopped_at = len(sent)
        gevent.sleep(20 * MS)

        assert len(sent) == stopped_at


def test_a_closed_answer_closes_its_connection_at_once(transport: GeventTransport) -> None:
    gone: list[bool] = []

    def script(talk: Talk) -> None:
        talk.send(CHUNKED + chunk(EVENT))
        gone.append(talk.gone(within=2))

    with ScriptedUpstream(script) as upstream:
        body = opened(upstream, transport)
        assert body.read_available(1) == EVENT
        body.close()
        body.close()

        with pytest.raises(httpx2.ReadError):
            body.read_available(1)
        gevent.sleep(20 * MS)
        assert gone == [True]


@pytest.mark.parametrize("phase", ["before the headers", "within the body"])
def test_a_killed_greenlet_closes_its_connection(phase: str, transport: GeventTransport) -> None:
    gone = threading.Event()

    def script(talk: Talk) -> None:
        if phase == "within the body":
            talk.send(CHUNKED + chunk(EVENT))
        if talk.gone(within=2):
            gone.set()

    with ScriptedUpstream(script) as upstream:
        reader = gevent.spawn(lambda: list(the_stream(client_on(upstream.url, transport))))
        gevent.sleep(20 * MS)
        reader.kill()

        assert gone.wait(1)


def test_reading_goes_on_after_a_timeout(transport: GeventTransport) -> None:
    def script(talk: Talk) -> None:
        talk.send(CHUNKED)
        for letter in (b"a", b"b"):
            talk.wait(30 * MS)
            talk.send(chunk(letter))
        talk.send(LAST_CHUNK)

    reads: list[bytes] = []
    timeouts = 0
    with ScriptedUpstream(script) as upstream:
        body = opened(upstream, transport)
        while not reads or reads[-1]:
            try:
                reads.append(body.read_available(5 * MS))
            except httpx2.ReadTimeout:
                timeouts += 1

    assert b"".join(reads) == b"ab"
    assert timeouts >= 4


def test_a_timeout_is_kept_whatever_those_before_it_were(transport: GeventTransport) -> None:
    with ScriptedUpstream(sends_and_stalls(CHUNKED + chunk(EVENT))) as upstream:
        body = opened(upstream, transport)
        body.read_available(None)
        for seconds in (40 * MS, 10 * MS, 0.0, 40 * MS, 5 * MS):
            before = time.monotonic()
            with pytest.raises(httpx2.ReadTimeout):
                body.read_available(seconds)
            assert seconds - 1 * MS <= time.monotonic() - before < seconds + 100 * MS
        body.close()


def test_a_read_without_patience_takes_what_is_there(transport: GeventTransport) -> None:
    with ScriptedUpstream(late_end) as upstream:
        body = opened(upstream, transport)
        read_to_done(body)
        time.sleep(40 * MS)

        assert body.read_available(0) == b""


def test_a_body_closed_by_another_greenlet_wakes_its_reader(transport: GeventTransport) -> None:
    with ScriptedUpstream(sends_and_stalls(CHUNKED)) as upstream:
        body = opened(upstream, transport)
        gevent.spawn_later(10 * MS, body.close)

        with pytest.raises(httpx2.ReadError):
            body.read_available(2)


@pytest.mark.parametrize("farewell", [Talk.close, Talk.reset])
def test_a_connection_that_ends_while_idle_is_not_used_again(
    farewell: Callable[[Talk], None], transport: GeventTransport
) -> None:
    def script(talk: Talk) -> None:
        talk.send(STREAM)
        talk.wait(5 * MS)
        farewell(talk)

    with ScriptedUpstream(script) as upstream:
        for _ in range(3):
            read_to_done(opened(upstream, transport))
            gevent.sleep(20 * MS)

        assert (upstream.connections, len(upstream.requests)) == (3, 3)


@pytest.mark.parametrize("farewell", [Talk.close, Talk.reset])
def test_a_connection_that_ends_just_as_it_is_used_is_replaced(
    farewell: Callable[[Talk], None], transport: GeventTransport
) -> None:
    def script(talk: Talk) -> None:
        if len(upstream.requests) == 2:
            farewell(talk)
        else:
            talk.send(STREAM)

    with ScriptedUpstream(script) as upstream:
        for _ in range(2):
            read_to_done(opened(upstream, transport))

        assert (upstream.connections, len(upstream.requests)) == (2, 3)


def test_a_connection_that_broke_after_a_first_byte_is_not_replaced(transport: GeventTransport) -> None:
    def script(talk: Talk) -> None:
        if len(upstream.requests) == 1:
            talk.send(STREAM)
        else:
            talk.send(b"H")
            talk.close()

    with ScriptedUpstream(script) as upstream:
        read_to_done(opened(upstream, transport))
        got = outcome(upstream, client_on(upstream.url, transport, max_retries=0), the_stream)

    assert got == Outcome([], ("APIConnectionError", "RemoteProtocolError"), requests=1)


@pytest.mark.parametrize("surplus", [b"HTTP/1.1 200 OK\r\n\r\n", b"nonsense"])
def test_a_connection_on_which_the_server_speaks_unasked_is_closed(
    surplus: bytes, transport: GeventTransport
) -> None:
    with ScriptedUpstream(sends(STREAM + surplus)) as upstream:
        for _ in range(2):
            body = opened(upstream, transport)
            read_to_done(body)
            body.release()
            gevent.sleep(10 * MS)

        assert upstream.connections == 2


def test_an_idle_connection_is_closed_in_the_end(
    transport: GeventTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gevent_connections, "KEEPALIVE_SECONDS", 20 * MS)
    gone: list[bool] = []

    def script(talk: Talk) -> None:
        talk.send(STREAM)
        gone.append(talk.gone(within=2))

    with ScriptedUpstream(script) as upstream:
        read_to_done(opened(upstream, transport))
        gevent.sleep(10 * MS)
        assert gone == []
        gevent.sleep(40 * MS)

    assert gone == [True]


def test_no_more_connections_idle_than_the_pool_holds() -> None:
    transport = GeventTransport(pool_size=2)
    with ScriptedUpstream(late_end) as upstream:
        bodies = [opened(upstream, transport) for _ in range(4)]
        gevent.joinall([gevent.spawn(read_to_done, body) for body in bodies])
        for body in bodies:
            body.release()
        gevent.sleep(60 * MS)
        for body in [opened(upstream, transport) for _ in range(4)]:
            body.close()
        transport.close()

        assert upstream.connections == 4 + 2
