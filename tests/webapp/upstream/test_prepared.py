"""A stream asked for with a prepared request is, result by result, one that the SDK asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from openai import OpenAI

from loadtests.rig.scripted import Script, ScriptedUpstream, Talk, answer, plays
from tests.conftest import MS
from tests.webapp.upstream_behaviours import (
    BEHAVIOURS,
    PAYLOAD,
    STALLS,
    STREAM,
    Outcome,
    all_of,
    client_on,
    outcome,
    the_stream,
)
from webapp.upstream.client import open_stream
from webapp.upstream.prepared import PreparedStreams, prepared_streams
from webapp.upstream.transport.body import Body, PendingBody
from webapp.upstream.transport.exchange import GeventTransport

pytestmark = pytest.mark.usefixtures("no_sleep_before_retries")

COMPRESSED = plays(answer(b"x", headers=b"Content-Encoding: gzip\r\n"))


def the_prepared_stream(client: OpenAI) -> Iterator[object]:
    timeout = httpx2.Timeout(client.timeout)
    prepared = prepared_streams(client, timeout)
    body = prepared.open(PAYLOAD) if prepared else open_stream(client, PAYLOAD, timeout)
    yield from all_of(body, timeout)


def outcomes(script: Script, transport: GeventTransport, url: str = "", **settings: Any) -> list[Outcome]:
    """What comes of asking the usual way over the SDK's own transport, then with a prepared request."""
    with ScriptedUpstream(script) as upstream:
        with client_on(url or upstream.url, **settings) as usual:
            expected = outcome(upstream, usual, the_stream)
        client = client_on(url or upstream.url, transport, **settings)
        return [expected, outcome(upstream, client, the_prepared_stream)]


@pytest.mark.parametrize("script", [*BEHAVIOURS.values(), COMPRESSED], ids=[*BEHAVIOURS, "compressed"])
def test_the_same_result(script: Script, transport: GeventTransport) -> None:
    expected, got = outcomes(script, transport)
    assert got == expected


@pytest.mark.parametrize("script", STALLS.values(), ids=STALLS)
def test_the_same_timeouts(script: Script, transport: GeventTransport) -> None:
    expected, got = outcomes(script, transport, timeout=400 * MS)
    assert got == expected


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/v1", "http://nowhere.invalid/v1", "ftp://127.0.0.1/v1"])
def test_the_same_error_when_nobody_is_there(url: str, transport: GeventTransport) -> None:
    expected, got = outcomes(plays(STREAM), transport, url)
    assert got == expected
    assert expected.error[0] == "APIConnectionError"


@pytest.mark.parametrize("headers", [{"X-Name": "a\r\nb"}, {"X Name": "a"}])
def test_the_same_error_when_no_request_can_be_built(
    headers: dict[str, str], transport: GeventTransport
) -> None:
    expected, got = outcomes(plays(STREAM), transport, default_headers=headers)
    assert got == expected
    assert expected.error[0] == "APIConnectionError"


class Now:
    """Opens a body where a greenlet of its own would: here, while it is waited for."""

    def __init__(self, open_body: Callable[[], Body]) -> None:
        self._open_body = open_body

    def result(self, _timeout: float) -> Body | None:
        return self._open_body()

    def cancel(self) -> Body | None:
        return None


def streams_over(transport: GeventTransport, url: str, **settings: Any) -> PreparedStreams:
    client = client_on(url, transport, **settings)
    return PreparedStreams(client, transport, httpx2.Timeout(5), beside=Now)


def waited_for(opening: PendingBody, seconds: float = 5.0) -> Body:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if body := opening.result(20 * MS):
            return body
    raise AssertionError("the answer has not begun")


def read_whole(body: Body) -> bytes:
    return b"".join(iter(lambda: body.read_available(5), b""))


def keep_a_connection(streams: PreparedStreams) -> None:
    assert read_whole(streams.open(PAYLOAD))


def the_asked_stream(client: OpenAI, transport: GeventTransport) -> Iterator[object]:
    timeout = httpx2.Timeout(client.timeout)
    opening = PreparedStreams(client, transport, timeout, beside=Now).ask(PAYLOAD)
    yield from all_of(waited_for(opening), timeout)


STALE = ("close before the headers", "reset before the headers")
"""What a kept connection that the server had given up looks like."""


@pytest.mark.parametrize("name", [*BEHAVIOURS, "compressed"])
def test_the_same_result_over_a_connection_that_is_kept(name: str, transport: GeventTransport) -> None:
    script = BEHAVIOURS.get(name, COMPRESSED)
    with ScriptedUpstream(script) as upstream:
        with client_on(upstream.url) as usual:
            expected = outcome(upstream, usual, the_stream)
        client = client_on(upstream.url, transport)
        upstream.script = plays(STREAM)
        keep_a_connection(PreparedStreams(client, transport, httpx2.Timeout(5)))
        upstream.script, connections = script, upstream.connections
        got = outcome(upstream, client, lambda client: the_asked_stream(client, transport))

    expected.requests += name in STALE
    assert got == expected
    if got.requests == 1 and not got.error:
        assert upstream.connections == connections


def test_a_head_that_is_late_is_waited_for_in_turns(transport: GeventTransport) -> None:
    go_on = threading.Event()

    def script(talk: Talk) -> None:
        talk.send(STREAM[:20])
        go_on.wait(5)
        talk.send(STREAM[20:])

    with ScriptedUpstream(plays(STREAM)) as upstream:
        streams = streams_over(transport, upstream.url)
        keep_a_connection(streams)
        upstream.script = script
        opening = streams.ask(PAYLOAD)
        assert [opening.result(5 * MS) for _ in range(5)] == [None] * 5
        go_on.set()
        body = waited_for(opening)
        assert b"Hello" in read_whole(body)
        assert (len(upstream.requests), upstream.connections) == (2, 1)


def test_nothing_is_sent_before_it_is_waited_for(transport: GeventTransport) -> None:
    with ScriptedUpstream(plays(STREAM)) as upstream:
        opening = streams_over(transport, upstream.url).ask(PAYLOAD)
        assert opening.cancel() is None
        assert upstream.connections == 0


def test_giving_up_closes_the_connection(transport: GeventTransport) -> None:
    left = threading.Event()

    def script(talk: Talk) -> None:
        if talk.gone(within=5):
            left.set()

    with ScriptedUpstream(plays(STREAM)) as upstream:
        streams = streams_over(transport, upstream.url)
        keep_a_connection(streams)
        upstream.script = script
        opening = streams.ask(PAYLOAD)
        assert opening.result(5 * MS) is None
        assert opening.cancel() is opening.cancel() is None
        assert left.wait(5)


class Never:
    """Does nothing of what is to be done beside: no greenlet has had its turn."""

    def __init__(self, _open_body: Callable[[], Body]) -> None:
        pass

    def result(self, _timeout: float) -> Body | None:
        return None

    def cancel(self) -> Body | None:
        return None


def test_so_does_giving_up_what_the_sdk_has_not_yet_begun_to_judge(transport: GeventTransport) -> None:
    left = threading.Event()

    def script(talk: Talk) -> None:
        talk.send(answer(b"", b"500 Internal Server Error").replace(b"Length: 0", b"Length: 9"))
        if talk.gone(within=5):
            left.set()

    with ScriptedUpstream(plays(STREAM)) as upstream:
        client = client_on(upstream.url, transport)
        streams = PreparedStreams(client, transport, httpx2.Timeout(5), beside=Never)
        keep_a_connection(streams)
        upstream.script = script
        opening = streams.ask(PAYLOAD)
        assert [opening.result(500 * MS) for _ in range(3)] == [None] * 3
        assert opening.cancel() is None
        assert left.wait(5)


def test_a_long_request_is_sent_beside(transport: GeventTransport) -> None:
    """Its server may take its time."""
    long = {**PAYLOAD, "messages": [{"role": "user", "content": "x" * 17_000}]}
    with ScriptedUpstream(plays(STREAM)) as upstream:
        client = client_on(upstream.url, transport)
        streams = PreparedStreams(client, transport, httpx2.Timeout(5), beside=Never)
        keep_a_connection(streams)
        assert streams.ask(long).result(5 * MS) is None
        assert len(upstream.requests) == 1


def test_a_server_that_takes_nothing_does_not_hold_it_up(
    transport: GeventTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.upstream.transport.exchange.SHORT_BYTES", 30_000_000)
    monkeypatch.setattr("webapp.upstream.transport.exchange.SHORT_SECONDS", 20 * MS)
    let_go = threading.Event()

    def script(talk: Talk) -> None:
        talk.send(STREAM)
        let_go.wait(3600)

    with ScriptedUpstream(script) as upstream:
        client = client_on(upstream.url, transport)
        streams = PreparedStreams(client, transport, httpx2.Timeout(3600), beside=Never)
        keep_a_connection(streams)
        # Whoever waited for the server would wait for an hour.
        try:
            opening = streams.ask({**PAYLOAD, "messages": [{"role": "user", "content": "x" * 20_000_000}]})
            assert opening.result(5 * MS) is None
            assert len(upstream.requests) == 1
        finally:
            let_go.set()


def test_what_is_sent_is_what_the_sdk_sends(transport: GeventTransport) -> None:
    text = 'é\u2028\x00"\\ 𝄞'
    payload: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": text}], "n": 0.5}
    timeout = httpx2.Timeout(1)
    with ScriptedUpstream(plays(STREAM)) as upstream:
        client = client_on(upstream.url, transport, organization="org", default_query={"a": "b c"})
        open_stream(client, payload, timeout).close()
        PreparedStreams(client, transport, timeout).open(payload).close()
        usual, prepared = upstream.requests

    assert head_and_body(prepared) == head_and_body(usual)


@pytest.mark.parametrize("framing", [{"Transfer-Encoding": "chunked"}, {"Content-Length": "7"}])
def test_the_body_is_framed_by_its_own_length(framing: dict[str, str], transport: GeventTransport) -> None:
    """Even where OPENAI_CUSTOM_HEADERS, which holds for all requests, says something else."""
    with ScriptedUpstream(plays(STREAM)) as upstream:
        client = client_on(upstream.url, transport, default_headers=framing)
        PreparedStreams(client, transport, httpx2.Timeout(1)).open(PAYLOAD).close()
        head, body = head_and_body(upstream.requests[0])

    assert [line for line in head if line.startswith((b"content-length", b"transfer-encoding"))] == [
        b"content-length: %d" % len(body)
    ]


def head_and_body(request: bytes) -> tuple[list[bytes], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    return sorted(head.lower().split(b"\r\n")), body


def test_nothing_is_prepared_for_a_url_that_the_path_makes_too_long(transport: GeventTransport) -> None:
    client = client_on(f"http://127.0.0.1/{'x' * 65_515}", transport)
    assert prepared_streams(client, httpx2.Timeout(1)) is None


def test_nothing_is_prepared_for_a_proxy(transport: GeventTransport) -> None:
    with httpx2.HTTPTransport(proxy="http://127.0.0.1:1") as proxied:
        client = client_on("http://model.example/v1", proxied)
        assert prepared_streams(client, httpx2.Timeout(1)) is None
