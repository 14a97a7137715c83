"""Clients that take nothing are cut, their upstreams closed, and their neighbours do not notice."""

import json
import time

import pytest

from loadtests.measuring import median
from loadtests.rig.streams import FORMATS, JSON, SSE
from loadtests.stack import Stack
from tests.conftest import MS
from tests.lifecycle.chat_client import ChatClient
from tests.lifecycle.phases import BETWEEN_TOKENS, FLOODING, LONG, LONG_CHARACTERS, PhasedUpstream

SMALL_BUFFER = 4096
SEND_TIMEOUT = 0.5
"""As the stack's CHAT_SEND_TIMEOUT_SECONDS."""


def test_a_client_that_takes_nothing_is_cut(
    app_port: int, upstream: PhasedUpstream, phased_stack: Stack
) -> None:
    asked_at = time.monotonic()
    stuck = [
        ChatClient(app_port, receive_buffer=SMALL_BUFFER).ask("mock", FLOODING, accept=accept)
        for accept in FORMATS[:3]
    ]
    for _ in stuck:
        assert SEND_TIMEOUT * 0.9 <= upstream.left_at() - asked_at < 5
    for client in stuck:
        reply = client.reply()
        assert not reply.whole
        assert error_code(phased_stack, reply.headers["x-request-id"]) == "client_stuck"
        client.leave()


def test_its_neighbours_do_not_notice(app_port: int, upstream: PhasedUpstream) -> None:
    with ChatClient(app_port).ask("mock", BETWEEN_TOKENS) as healthy:
        healthy.read_until(b'"delta"')
        stuck = [ChatClient(app_port, receive_buffer=SMALL_BUFFER).ask("mock", FLOODING) for _ in range(5)]
        gaps, before = [], time.monotonic()
        while upstream.left.qsize() < len(stuck):
            healthy.received = b""
            at = healthy.read_until(b'"delta"')
            gaps.append(at - before)
            before = at
        upstream.let_go()
        healthy.read_until(b'"done"')
    # Hundreds of gaps of a few ms each; the longest is the machine's own.
    assert median(gaps) < 1
    for client in stuck:
        client.leave()


@pytest.mark.parametrize("accept", [SSE, JSON])
def test_a_client_that_reads_slowly_but_steadily_gets_its_answer(
    accept: str, app_port: int, upstream: PhasedUpstream
) -> None:
    """A blocking answer is one write, which takes as long as all the writes of a streamed one."""
    asked_at = time.monotonic()
    with ChatClient(app_port, receive_buffer=16 * SMALL_BUFFER).ask("mock", LONG, accept=accept) as slow:
        sip(slow, LONG_CHARACTERS)
        took = time.monotonic() - asked_at
        reply = slow.reply()
    assert took > 3 * SEND_TIMEOUT
    assert (reply.status, reply.whole, upstream.left.qsize()) == (200, True, 0)
    assert reply.text == "x" * LONG_CHARACTERS + "lo"


def test_what_waits_for_stuck_clients_is_bounded(
    app_port: int, upstream: PhasedUpstream, phased_stack: Stack
) -> None:
    (worker,) = phased_stack.workers()
    before = worker.memory_info().rss
    stuck = [ChatClient(app_port, receive_buffer=SMALL_BUFFER).ask("mock", FLOODING) for _ in range(20)]
    for _ in stuck:
        assert upstream.reached.get(timeout=5) == FLOODING
    time.sleep(SEND_TIMEOUT / 2)
    grown = worker.memory_info().rss - before
    for client in stuck:
        client.leave()
    assert grown < 20 * 1_000_000


def sip(client: ChatClient, size: int) -> None:
    """Take 4 KiB each 2 ms. Reads that come late are made up for: a busy machine makes no slower reader."""
    due = time.monotonic()
    received = bytearray()
    while len(received) < size:
        data = client.sock.recv(SMALL_BUFFER)
        assert data, f"the connection ended after {len(received)} bytes"
        received += data
        due += 2 * MS
        time.sleep(max(0.0, due - time.monotonic()))
    client.received += received


def error_code(stack: Stack, request_id: str) -> str:
    """What the log says of an answer, once it does."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        for line in stack.output("web").splitlines():
            if request_id in line:
                return str(json.loads(line)["error_code"])
        time.sleep(5 * MS)
    raise AssertionError(f"{request_id} is not in the log")
