"""The app behind real routers: silence is survived, tokens are not held back, and leaving goes through."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import httpx2
import pytest

from loadtests.rig.streams import NDJSON, SSE, TEXT
from loadtests.stack import Stack
from tests.conftest import MS
from tests.lifecycle.chat_client import ChatClient
from tests.lifecycle.phases import PHASES, PhasedUpstream
from tests.lifecycle.routers import FIRST_BYTE_SECONDS, Router, haproxy, nginx

SILENT = f"mock-ttft{FIRST_BYTE_SECONDS * 2500:.0f}-itl0-tokens10"
ROUTERS: dict[str, Callable[..., AbstractContextManager[Router]]] = {
    "nginx as it comes": partial(nginx, http_1_1=False),
    "nginx with HTTP/1.1": partial(nginx, http_1_1=True),
    "HAProxy": haproxy,
}


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(env={"CHAT_HEARTBEAT_SECONDS": "0.5"}) as running:
        yield running


@pytest.fixture(scope="module", params=ROUTERS)
def router(
    request: pytest.FixtureRequest, stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Router]:
    folder: Path = tmp_path_factory.mktemp("router")
    with ROUTERS[request.param](folder, stack.port, stack.mock_port) as running:
        yield running


def test_the_router_itself_cuts_what_is_silent_for_too_long(router: Router) -> None:
    """Else the tests below would prove nothing."""
    body = {"model": SILENT, "messages": [{"role": "user", "content": "Hi"}]}
    response = httpx2.post(f"http://127.0.0.1:{router.mock_port}/v1/chat/completions", json=body, timeout=10)
    assert response.status_code == 504


@pytest.mark.parametrize("accept", [SSE, NDJSON])
def test_a_stream_survives_silence_that_is_longer_than_the_routers_limits(
    router: Router, accept: str
) -> None:
    with ChatClient(router.app_port) as client:
        reply = client.ask(SILENT, accept=accept).reply()
    assert reply.whole
    assert [item["type"] for item in reply.objects][-1] == "done"
    assert reply.body.count(b": hb\n") + reply.body.count(b"\n\n{") >= 1


def test_tokens_are_not_held_back(router: Router) -> None:
    with ChatClient(router.app_port).ask("mock-ttft50-itl20-tokens30") as client:
        first_at = client.read_until(b'"delta"')
        last_at = client.read_until(b'"done"')
        text = client.reply().text
    # A router that held them back would let them go together.
    assert last_at - first_at >= 29 * 20 * MS / 2
    with ChatClient(router.app_port) as client:
        assert client.ask("mock-ttft0-itl0-tokens30").reply().text == text


def test_the_stream_passes_unchanged(router: Router, stack: Stack) -> None:
    replies = []
    for port in (router.app_port, stack.port):
        with ChatClient(port) as client:
            replies.append(client.ask("mock-ttft0-itl0-tokens200", "Tell me more").reply())
    assert replies[0].text == replies[1].text
    assert json.dumps(replies[0].last["usage"]) == json.dumps(replies[1].last["usage"])
    assert replies[0].headers["content-type"] == replies[1].headers["content-type"]


@pytest.mark.parametrize("accept", [SSE, NDJSON, TEXT])
@pytest.mark.parametrize("fault", ["reset@10", "truncate@10", "error_event@10"])
def test_an_answer_that_fails_says_so_behind_the_router_too(router: Router, fault: str, accept: str) -> None:
    with ChatClient(router.app_port) as client:
        reply = client.ask(f"mock-ttft0-itl5-tokens20-{fault}", accept=accept).reply()
    assert reply.text
    if accept == TEXT:
        assert not reply.whole
    else:
        assert (reply.whole, reply.last["type"]) == (True, "error")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Requested-With": "first-token"}, 200),
        ({}, 403),
        ({"X-Requested-With": "first-token", "Sec-Fetch-Site": "cross-site"}, 403),
    ],
    ids=["our page", "another page", "another page that would be ours"],
)
def test_our_page_is_known_where_nginx_writes_a_host_of_its_own(
    stack: Stack, tmp_path: Path, headers: dict[str, str], status: int
) -> None:
    """As a browser sends them over plain HTTP, where it sends no Sec-Fetch-Site."""
    with nginx(tmp_path, stack.port, stack.mock_port, http_1_1=False) as router:
        page = f"chat.example:{router.app_port}"
        reply = httpx2.post(
            f"http://127.0.0.1:{router.app_port}/chat",
            json={"prompt": "Hi", "model": "mock-ttft0-itl0-tokens5"},
            headers={"Host": page, "Origin": f"http://{page}", "Accept": NDJSON, **headers},
        )
    assert reply.status_code == status
    assert ('"done"' if status == 200 else "cross_origin") in reply.text


def test_a_whole_text_is_whole_behind_the_router_too(router: Router) -> None:
    with ChatClient(router.app_port) as client:
        assert client.ask("mock-ttft0-itl5-tokens20", accept=TEXT).reply().whole


@pytest.fixture(scope="module", params=ROUTERS)
def phased_router(
    request: pytest.FixtureRequest, phased_stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Router]:
    folder: Path = tmp_path_factory.mktemp("router")
    with ROUTERS[request.param](folder, phased_stack.port, phased_stack.mock_port) as running:
        yield running


@pytest.mark.parametrize("phase", PHASES)
def test_a_client_that_leaves_the_router_closes_the_upstream(
    phased_router: Router, phase: str, upstream: PhasedUpstream
) -> None:
    client = ChatClient(phased_router.app_port).ask("mock", phase)
    upstream.reached.get(timeout=5)
    client.sock.shutdown(socket.SHUT_RDWR)
    left_at = client.leave()
    assert upstream.left_at() - left_at < 5
