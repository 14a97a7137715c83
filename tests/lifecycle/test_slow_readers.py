"""Clients that take nothing are cut, their upstreams closed, and their neighbours do not notice."""

import time

from loadtests.stack import Stack
from tests.conftest import MS
from tests.lifecycle.chat_client import FORMATS, ChatClient
from tests.lifecycle.phases import BETWEEN_TOKENS, FLOODING, PhasedUpstream
from tests.lifecycle.processes import workers

SMALL_BUFFER = 4096
SEND_TIMEOUT = 0.5
"""As the stack's CHAT_SEND_TIMEOUT_SECONDS."""


def test_a_client_that_takes_nothing_is_cut(app_port: int, upstream: PhasedUpstream) -> None:
    asked_at = time.monotonic()
    stuck = [
        ChatClient(app_port, receive_buffer=SMALL_BUFFER).ask("mock", FLOODING, accept=accept)
        for accept in FORMATS[:3]
    ]
    for _ in stuck:
        assert SEND_TIMEOUT * 0.9 <= upstream.left_at() - asked_at < 5
    for client in stuck:
        assert not client.reply().whole
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
    assert sorted(gaps)[len(gaps) // 2] < 50 * MS
    for client in stuck:
        client.leave()


def test_a_client_that_reads_slowly_but_steadily_is_not_cut(app_port: int, upstream: PhasedUpstream) -> None:
    # A full buffer is announced as free again only when half of it is, so it must not take long to empty: this
    # process has the upstream's threads to run as well.
    with ChatClient(app_port, receive_buffer=16 * SMALL_BUFFER).ask("mock", FLOODING) as slow:
        until = time.monotonic() + 4 * SEND_TIMEOUT
        taken = 0
        while time.monotonic() < until:
            taken += len(slow.sock.recv(8 * SMALL_BUFFER))
            time.sleep(2 * MS)
        assert upstream.left.empty()
        upstream.let_go()
    assert taken > 0


def test_what_waits_for_stuck_clients_is_bounded(
    app_port: int, upstream: PhasedUpstream, phased_stack: Stack
) -> None:
    (worker,) = workers(phased_stack)
    before = worker.memory_info().rss
    stuck = [ChatClient(app_port, receive_buffer=SMALL_BUFFER).ask("mock", FLOODING) for _ in range(20)]
    time.sleep(SEND_TIMEOUT / 2)
    grown = worker.memory_info().rss - before
    for client in stuck:
        client.leave()
    assert grown < 20 * 1_000_000
