"""The thread that reads ahead where gevent has not patched: the same answers as over gevent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import httpx2
import pytest
from openai import OpenAI

from loadtests.rig.scripted import (
    CHUNKED,
    DONE,
    EVENT,
    LAST_CHUNK,
    Ending,
    Script,
    ScriptedUpstream,
    Talk,
    chunk,
    plays,
)
from tests.conftest import MS
from tests.waiting import until
from tests.webapp.upstream.transport.late_end import late_end
from webapp.upstream.client import open_stream
from webapp.upstream.transport.body import Body

Opener = Callable[..., Body]


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Opens an answer, always through the same client."""
    clients: list[OpenAI] = []

    def open_one(upstream: ScriptedUpstream, seconds: float = 5) -> Body:
        if not clients:
            clients.append(OpenAI(api_key="key", base_url=upstream.url, max_retries=0))
        payload = {"model": "m", "messages": [], "stream": True}
        return open_stream(clients[0], payload, httpx2.Timeout(seconds))

    yield open_one
    for client in clients:
        client.close()


def read_to_done(body: Body) -> None:
    data = b""
    while not data.endswith(DONE):
        data += body.read_available(1)


@pytest.mark.parametrize(
    "script", [lambda talk: talk.send(CHUNKED + chunk(EVENT) + chunk(DONE) + LAST_CHUNK), late_end]
)
def test_one_connection_carries_one_streamed_answer_after_another(script: Script, opened: Opener) -> None:
    with ScriptedUpstream(script) as upstream:
        for _ in range(3):
            body = opened(upstream)
            read_to_done(body)
            body.release()
            body.close()

        assert (upstream.connections, len(upstream.requests)) == (1, 3)


def test_reading_goes_on_after_a_timeout_even_one_longer_than_the_requests(opened: Opener) -> None:
    seen = threading.Event()

    def script(talk: Talk) -> None:
        talk.send(CHUNKED)
        seen.wait(10)
        talk.send(chunk(EVENT) + LAST_CHUNK)

    with ScriptedUpstream(script) as upstream:
        body = opened(upstream, seconds=0.5)
        before = time.monotonic()
        with pytest.raises(httpx2.ReadTimeout):
            body.read_available(0.6)
        assert time.monotonic() - before >= 0.6
        seen.set()

        assert body.read_available(None) == EVENT
        assert body.read_available(None) == b""
        assert body.read_available(None) == b""


def test_an_answer_that_breaks_off_gives_what_it_has_and_then_its_error(opened: Opener) -> None:
    with ScriptedUpstream(plays(CHUNKED + chunk(EVENT), Ending.CLOSE)) as upstream:
        body = opened(upstream)

        assert body.read_available(1) == EVENT
        for _ in range(2):
            with pytest.raises(httpx2.RemoteProtocolError):
                body.read_available(1)


@pytest.mark.parametrize("flood", [True, False], ids=["more than is read", "silence"])
def test_a_closed_answer_closes_its_connection_at_once_and_ends_its_thread(
    flood: bool, opened: Opener
) -> None:
    gone = threading.Event()

    def script(talk: Talk) -> None:
        talk.send(CHUNKED + chunk(EVENT))
        try:
            while flood:
                talk.send(chunk(b"x" * 4096))
        except OSError:
            gone.set()
        if talk.gone(within=2):
            gone.set()

    with ScriptedUpstream(script) as upstream:
        body = opened(upstream)
        assert body.read_available(1).startswith(EVENT)
        time.sleep(10 * MS)
        body.close()
        body.close()

        assert gone.wait(1)
    assert until(lambda: "upstream body" not in [thread.name for thread in threading.enumerate()])


def test_an_unpunctual_end_does_not_hold_a_released_answer_for_long(opened: Opener) -> None:
    def script(talk: Talk) -> None:
        talk.send(CHUNKED + chunk(DONE))
        talk.wait(10)

    with ScriptedUpstream(script) as upstream:
        body = opened(upstream)
        read_to_done(body)
        before = time.monotonic()
        body.release()

        assert time.monotonic() - before < 5
