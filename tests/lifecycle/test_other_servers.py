"""The app under threads, where nothing can break a wait: slower to notice, with the same results."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from loadtests.rig import send_signal
from loadtests.rig.streams import FORMATS, JSON, NDJSON, SSE, TEXT
from loadtests.stack import Stack
from tests.lifecycle.chat_client import ChatClient
from tests.lifecycle.phases import BETWEEN_TOKENS, STALLED, PhasedUpstream
from tests.lifecycle.processes import ended

HEARTBEAT_SECONDS = 0.3
GRACE_SECONDS = 6
"""As much as leaves an answer's end the margin that it has in earnest: half of it, on a busy machine."""


@pytest.fixture(scope="module")
def threaded() -> Iterator[Stack]:
    env = {
        "GUNICORN_CMD_ARGS": "--worker-class gthread --threads 8",
        "CHAT_HEARTBEAT_SECONDS": str(HEARTBEAT_SECONDS),
        "CHAT_TOKEN_TIMEOUT_SECONDS": "1",
    }
    with Stack(env=env) as running:
        yield running


def test_all_formats_hold_the_same_text(threaded: Stack) -> None:
    replies = {}
    for accept in FORMATS:
        with ChatClient(threaded.port) as client:
            replies[accept] = client.ask("mock-ttft10-itl5-tokens30", accept=accept).reply()
    assert len({reply.text for reply in replies.values()}) == 1
    assert all(reply.whole for reply in replies.values())
    kinds = [item["type"] for item in replies[SSE].objects]
    assert (kinds[0], kinds[-1], set(kinds[1:-1])) == ("start", "done", {"delta"})
    assert len(kinds) > 10


@pytest.mark.timed
def test_silence_is_bridged(threaded: Stack) -> None:
    with ChatClient(threaded.port) as client:
        client.ask("mock-ttft20000-itl0-tokens3").read_until(2 * b"5\r\n: hb\n\r\n")
        assert b"delta" not in client.received


def test_an_answer_that_fails_says_so_once(threaded: Stack) -> None:
    with ChatClient(threaded.port) as client:
        reply = client.ask("mock-ttft0-itl5-tokens20-reset@10", accept=NDJSON).reply()
        ends = [item for item in reply.objects if item["type"] in ("done", "error")]
        assert [(end["type"], end["code"]) for end in ends] == [("error", "upstream_broken_off")]
    with ChatClient(threaded.port) as client:
        assert not client.ask("mock-ttft0-itl5-tokens20-reset@10", accept=TEXT).reply().whole
    with ChatClient(threaded.port) as client:
        assert client.ask("mock-ttft0-itl5-tokens20-reset@10", accept=JSON).reply().status == 502
    with ChatClient(threaded.port) as client:
        reply = client.ask("mock-ttft0-itl5-tokens20-stall@10").reply()
        assert reply.last["code"] == "upstream_timeout"


@pytest.mark.thorough
def test_leaving_is_noticed_within_two_heartbeats(phased_upstream: PhasedUpstream) -> None:
    env = {
        "GUNICORN_CMD_ARGS": "--worker-class gthread --threads 8",
        "CHAT_HEARTBEAT_SECONDS": str(HEARTBEAT_SECONDS),
        "OPENAI_BASE_URL": phased_upstream.url,
    }
    phased_upstream.begin_test()
    with Stack(env=env) as stack:
        client = ChatClient(stack.port).ask("mock", STALLED)
        client.read_until(b'"delta"')
        left_at = client.leave()
        assert phased_upstream.left_at() - left_at < 2 * HEARTBEAT_SECONDS + 5
    phased_upstream.let_go()


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["gthread --threads 8", "sync"])
def test_sigterm_gives_open_answers_their_last_word(kind: str, upstream: PhasedUpstream) -> None:
    env = {
        "GUNICORN_CMD_ARGS": f"--worker-class {kind}",
        "CHAT_SHUTDOWN_GRACE_SECONDS": str(GRACE_SECONDS),
        "OPENAI_BASE_URL": upstream.url,
    }
    phases = [STALLED, BETWEEN_TOKENS] if "gthread" in kind else [STALLED]
    with Stack(env=env) as stack, ExitStack() as connections:
        clients = [ChatClient(stack.port).ask("mock", phase) for phase in phases]
        for client in clients:
            connections.enter_context(client)
            client.read_until(b'"delta"')
        told_at = send_signal(
            signal.SIGTERM, [*(worker.pid for worker in stack.workers()), stack.processes["web"].pid]
        )
        lasts = [client.reply().last for client in clients]
        assert time.monotonic() - told_at >= GRACE_SECONDS / 2
        assert {(last["type"], last["finish_reason"], last["reason"]) for last in lasts} == {
            ("done", "interrupted", "shutdown")
        }
        code, gone_at = ended(stack)
        assert code == 0
        assert gone_at - told_at <= GRACE_SECONDS + 4
