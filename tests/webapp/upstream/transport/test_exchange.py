"""The gevent transport does what the SDK's own does, result by result, and keeps its connections besides."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator

import gevent
import httpx2
import pytest
from openai import OpenAI

from loadtests.rig.scripted import (
    CHUNKED,
    DONE,
    EVENT,
    LAST_CHUNK,
    Script,
    ScriptedUpstream,
    Talk,
    answer,
    chunk,
    plays,
)
from tests.conftest import MS
from tests.webapp.upstream.transport.late_end import late_end
from tests.webapp.upstream_behaviours import (
    BEHAVIOURS,
    PAYLOAD,
    REFUSED,
    STALLS,
    STREAM,
    Outcome,
    byte_by_byte,
    client_on,
    outcome,
    the_stream,
)
from webapp.upstream.client import open_stream
from webapp.upstream.transport import connections as gevent_connections
from webapp.upstream.transport.body import Body
from webapp.upstream.transport.exchange import GeventTransport

pytestmark = pytest.mark.usefixtures("no_sleep_before_retries")


def the_whole(client: OpenAI) -> Iterator[object]:
    response = client.post("/chat/completions", cast_to=httpx2.Response, body={"model": "m"})
    yield response.http_version, response.status_code, response.reason_phrase
    yield response.headers.raw
    yield response.content


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
    with ScriptedUpstream(script) as upstream, client_on(upstream.url, timeout=400 * MS) as usual:
        expected = outcome(upstream, usual, ask)
        got = outcome(upstream, client_on(upstream.url, transport, timeout=400 * MS), ask)

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
    with ScriptedUpstream(plays(STREAM)) as upstream:
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
        with socket.create_connection(address), ScriptedUpstream(plays(STREAM)) as upstream:
            url = f"http://127.0.0.1:{address[1]}/v1"
            with client_on(url, timeout=150 * MS) as usual:
                expected = outcome(upstream, usual, ask)
            got = outcome(upstream, client_on(url, transport, timeout=150 * MS), ask)

    assert got == expected == Outcome([], ("APITimeoutError", "ConnectTimeout"), requests=0)


def test_a_request_larger_than_any_buffer_arrives_whole(transport: GeventTransport) -> None:
    payload = {**PAYLOAD, "messages": [{"role": "user", "content": "x" * 20_000_000}]}
    with ScriptedUpstream(plays(STREAM)) as upstream:
        client = client_on(upstream.url, transport)
        for _ in range(2):
            open_stream(client, payload, httpx2.Timeout(10)).close()

    bodies = [sent.partition(b"\r\n\r\n")[2] for sent in upstream.requests]
    assert [json.loads(body) for body in bodies] == [payload] * 2


@pytest.mark.parametrize("ask", [the_stream, the_whole])
def test_the_same_error_when_a_request_is_not_taken_in_time(
    ask: Callable[[OpenAI], Iterator[object]], transport: GeventTransport
) -> None:
    headers = {"X-Name": "x" * 20_000_000}
    with socket.create_server(("127.0.0.1", 0)) as silent, ScriptedUpstream(plays(STREAM)) as upstream:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with client_on(url, timeout=150 * MS, default_headers=headers) as usual:
            expected = outcome(upstream, usual, ask)
        got = outcome(upstream, client_on(url, transport, timeout=150 * MS, default_headers=headers), ask)

    assert got == expected == Outcome([], ("APITimeoutError", "WriteTimeout"), requests=0)


def test_a_compressed_answer_is_decompressed_where_it_is_read_whole(transport: GeventTransport) -> None:
    compressed = gzip.compress(b"Hello")
    with ScriptedUpstream(plays(answer(compressed, headers=b"Content-Encoding: gzip\r\n"))) as upstream:
        got = outcome(upstream, client_on(upstream.url, transport), the_whole)

    assert got.result[-1] == b"Hello"


def test_a_request_body_of_unknown_length(transport: GeventTransport) -> None:
    with ScriptedUpstream(plays(answer(b""))) as upstream, httpx2.Client(transport=transport) as client:
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


@pytest.mark.parametrize("script", [plays(STREAM), late_end, byte_by_byte(STREAM)])
def test_one_connection_carries_one_streamed_answer_after_another(
    script: Script, transport: GeventTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    # How long it waits is another test's: here a busy machine may be late.
    monkeypatch.setattr("webapp.upstream.transport.body.DRAIN_SECONDS", 10)
    with ScriptedUpstream(script) as upstream:
        for _ in range(3):
            body = opened(upstream, transport)
            read_to_done(body)
            body.release()
            body.close()
            while not any(transport._pool._idle.values()):
                gevent.sleep(MS)

        assert (upstream.connections, len(upstream.requests)) == (1, 3)


def test_what_follows_a_released_answer_is_waited_for_a_bounded_time(transport: GeventTransport) -> None:
    gone: list[bool] = []

    def script(talk: Talk) -> None:
        talk.send(CHUNKED + chunk(DONE))
        gone.append(talk.gone(within=2))

    with ScriptedUpstream(script) as upstream:
        body = opened(upstream, transport)
        read_to_done(body)
        body.release()
        # It waits beside whoever released it.
        assert gone == []
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


@pytest.mark.parametrize("filling", [b"0" * 8, b"1;extension", b"1;a"], ids=["zeros", "extension", "short"])
def test_bytes_that_are_none_of_the_bodys_win_no_time(filling: bytes, transport: GeventTransport) -> None:
    def script(talk: Talk) -> None:
        talk.send(CHUNKED)
        for byte in filling * 100:
            talk.send(bytes([byte]))
            talk.wait(30 * MS)

    with ScriptedUpstream(script) as upstream:
        body = opened(upstream, transport)
        before = time.monotonic()
        with pytest.raises(httpx2.ReadTimeout):
            body.read_available(100 * MS)
        assert 100 * MS <= time.monotonic() - before < 5
        body.close()


def test_reading_goes_on_after_a_timeout(transport: GeventTransport) -> None:
    def script(talk: Talk) -> None:
        talk.send(CHUNKED)
        for letter, waits in ((b"a", 2), (b"b", 4)):
            while timeouts < waits:
                talk.wait(5 * MS)
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
    with ScriptedUpstream(plays(CHUNKED + chunk(EVENT), 2.0)) as upstream:
        body = opened(upstream, transport)
        body.read_available(None)
        for seconds in (40 * MS, 10 * MS, 0.0, 40 * MS, 5 * MS):
            before = time.monotonic()
            with pytest.raises(httpx2.ReadTimeout):
                body.read_available(seconds)
            assert seconds - 1 * MS <= time.monotonic() - before < seconds + 1
        body.close()


def test_a_read_without_patience_takes_what_is_there(transport: GeventTransport) -> None:
    has_ended = threading.Event()

    def script(talk: Talk) -> None:
        late_end(talk)
        has_ended.set()

    with ScriptedUpstream(script) as upstream:
        body = opened(upstream, transport)
        read_to_done(body)
        assert has_ended.wait(10)

        assert body.read_available(0) == b""


def test_a_body_closed_by_another_greenlet_wakes_its_reader(transport: GeventTransport) -> None:
    with ScriptedUpstream(plays(CHUNKED, 2.0)) as upstream:
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
    with ScriptedUpstream(plays(STREAM + surplus)) as upstream:
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


def test_no_more_connections_idle_than_the_pool_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    # However late the upstream's threads get to send the end.
    monkeypatch.setattr("webapp.upstream.transport.body.DRAIN_SECONDS", 60)
    transport = GeventTransport(pool_size=2)
    may_end = threading.Event()

    def script(talk: Talk) -> None:
        talk.send(CHUNKED + chunk(EVENT) + chunk(DONE))
        may_end.wait(60)
        talk.send(LAST_CHUNK)

    with ScriptedUpstream(script) as upstream:
        bodies = [opened(upstream, transport) for _ in range(4)]
        gevent.joinall([gevent.spawn(read_to_done, body) for body in bodies])
        for body in bodies:
            body.release()
        may_end.set()
        while any(body._connection for body in bodies):  # type: ignore[attr-defined]  # what it waits with
            gevent.sleep(1 * MS)
        # While none of these has ended, none can serve the next.
        may_end.clear()
        for body in [opened(upstream, transport) for _ in range(4)]:
            body.close()
        transport.close()
        may_end.set()

        assert upstream.connections == 4 + 2


def test_a_dead_first_address_leaves_the_next_its_share_of_the_connect_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A listener whose backlog is full takes no connection and refuses none."""
    with (
        socket.create_server(("127.0.0.1", 0), backlog=0) as dead,
        socket.create_server(("127.0.0.1", 0)) as alive,
    ):
        fillers = []
        for _ in range(3):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(dead.getsockname())
            fillers.append(filler)
        rows = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", each.getsockname()) for each in (dead, alive)]
        monkeypatch.setattr(gevent_connections, "_addresses", lambda *_: rows)
        begun = time.monotonic()
        made = gevent_connections._connected("two.example", 0, 3000 * MS)
        assert made.getpeername() == alive.getsockname()
        assert 900 * MS < time.monotonic() - begun < 3000 * MS
        made.close()
        for filler in fillers:
            filler.close()
