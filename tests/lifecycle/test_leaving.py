"""A client that leaves takes its upstream with it, in every phase and format; one that only looks gone does not."""

import time

import pytest

from loadtests.rig.streams import FORMATS, JSON, NDJSON, SSE, TEXT, request
from tests.conftest import MS
from tests.lifecycle.chat_client import ChatClient
from tests.lifecycle.phases import BEFORE_HEADERS, BETWEEN_TOKENS, PHASES, STALLED, PhasedUpstream

SOON = 3000 * MS


@pytest.mark.parametrize("accept", FORMATS)
@pytest.mark.parametrize("phase", PHASES)
def test_a_client_that_leaves_closes_the_upstream(
    phase: str, accept: str, app_port: int, upstream: PhasedUpstream
) -> None:
    client = ChatClient(app_port).ask("mock", phase, accept=accept)
    assert upstream.reached.get(timeout=5) == phase
    left_at = client.leave()
    assert upstream.left_at() - left_at < SOON


@pytest.mark.parametrize("phase", PHASES)
def test_so_does_one_that_resets_its_connection(phase: str, app_port: int, upstream: PhasedUpstream) -> None:
    client = ChatClient(app_port).ask("mock", phase)
    upstream.reached.get(timeout=5)
    left_at = client.reset()
    assert upstream.left_at() - left_at < SOON


@pytest.mark.parametrize("accept", [SSE, TEXT])
@pytest.mark.parametrize("phase", PHASES)
def test_so_does_one_that_speaks_http_1_0_as_nginx_does(
    phase: str, accept: str, app_port: int, upstream: PhasedUpstream
) -> None:
    client = ChatClient(app_port).ask("mock", phase, accept=accept, version="1.0")
    upstream.reached.get(timeout=5)
    left_at = client.leave()
    assert upstream.left_at() - left_at < SOON


@pytest.mark.parametrize("accept", FORMATS)
@pytest.mark.parametrize("phase", PHASES)
def test_a_client_that_only_stops_sending_gets_its_answer(
    phase: str, accept: str, app_port: int, upstream: PhasedUpstream
) -> None:
    with ChatClient(app_port).ask("mock", phase, accept=accept) as client:
        upstream.reached.get(timeout=5)
        client.half_close()
        time.sleep(50 * MS)
        upstream.let_go()
        reply = client.reply()
    assert (reply.status, reply.whole) == (200, True)
    assert reply.text.endswith("lo")
    assert upstream.left.empty()


@pytest.mark.parametrize("phase", [BEFORE_HEADERS, BETWEEN_TOKENS])
def test_so_does_one_that_asks_again_before_it_has_its_answer(
    phase: str, app_port: int, upstream: PhasedUpstream
) -> None:
    with ChatClient(app_port) as client:
        client.sock.sendall(request("mock", phase) + request("mock", phase, accept=NDJSON))
        upstream.reached.get(timeout=5)
        time.sleep(50 * MS)
        upstream.let_go()
        first, second = client.reply(), client.reply()
    assert first.last["type"] == second.last["type"] == "done"
    assert second.headers["content-type"].startswith(NDJSON)


def test_one_client_of_many_that_leaves_costs_the_others_nothing(
    app_port: int, upstream: PhasedUpstream
) -> None:
    clients = [ChatClient(app_port).ask("mock", BETWEEN_TOKENS) for _ in range(10)]
    for client in clients:
        client.read_until(b'"delta"')
    for client in clients[::2]:
        client.leave()
    for _ in clients[::2]:
        upstream.left_at()
    upstream.let_go()
    replies = [client.reply() for client in clients[1::2]]
    assert [reply.last["type"] for reply in replies] == ["done"] * 5
    assert upstream.left.empty()
    for client in clients:
        client.leave()


def test_a_silent_stream_has_heartbeats_and_a_blocking_answer_none(
    app_port: int, upstream: PhasedUpstream
) -> None:
    with (
        ChatClient(app_port).ask("mock", STALLED) as streaming,
        ChatClient(app_port).ask("mock", STALLED, accept=TEXT) as reading,
        ChatClient(app_port).ask("mock", STALLED, accept=JSON) as waiting,
    ):
        streaming.read_until(b": hb\n")
        upstream.let_go()
        assert streaming.reply().text == reading.reply().text == waiting.reply().text == "Hello"
