"""The scripted upstream, asked by its own port: pace, phases, notes, and what it says of itself."""

from __future__ import annotations

import itertools
import socket
import time
from collections.abc import Iterator

import pytest

from loadtests.bench.contenders import DIRECT
from loadtests.rig import HOST, PHASES, SHORT, WORD, Upstream, await_that, upstream
from loadtests.rig.streams import request
from tests.conftest import MS

TURNS = itertools.count()
"""Names of a test's clients differ from turn to turn: what the upstream has noted of one stays."""


@pytest.fixture(scope="module")
def running() -> Iterator[Upstream]:
    with upstream() as started:
        yield started


def token_times(port: int, model: str) -> list[float]:
    """When each token of an answer came, in seconds since it was asked for."""
    times: list[float] = []
    asked_at = time.monotonic()
    with socket.create_connection((HOST, port)) as sock:
        sock.sendall(DIRECT.request(model).encode())
        data = b""
        while not data.endswith(b"0\r\n\r\n"):
            data = sock.recv(65536)
            times += [time.monotonic() - asked_at] * data.count(WORD.encode())
    return times


def test_tokens_keep_their_pace(running: Upstream) -> None:
    times = token_times(running.port, "bench-tokens10-every20")
    assert len(times) == 10
    assert times[-1] >= 9 * 18 * MS


def test_an_idle_while_does_not_bring_tokens_early(running: Upstream) -> None:
    with socket.create_connection((HOST, running.port)) as sock:
        sock.sendall(DIRECT.request("bench-tokens2-every1").encode())
        while not sock.recv(65536).endswith(b"0\r\n\r\n"):
            pass
        time.sleep(300 * MS)
        asked_at = time.monotonic()
        sock.sendall(DIRECT.request("bench-tokens20-every20").encode())
        total = 0
        while total < 20:
            total += sock.recv(65536).count(WORD.encode())
        assert time.monotonic() - asked_at >= 19 * 18 * MS


def test_it_says_what_it_has_done(running: Upstream) -> None:
    before = running.stats()
    token_times(running.port, "bench-tokens30-every1")
    after = running.stats()

    assert (after.tokens - before.tokens, after.requests - before.requests) == (30, 1)
    # The first token leaves with the request, and is nobody's to be late with.
    assert sum(after.late_ms.values()) - sum(before.late_ms.values()) == 29


@pytest.mark.parametrize("phase", PHASES)
def test_it_tells_who_left_in_which_phase(phase: str, running: Upstream) -> None:
    socks = {}
    turn = next(TURNS)
    ada, bob, cem = names = [f"{name}-{turn}" for name in ("ada", "bob", "cem")]
    for who in names:
        socks[who] = socket.create_connection((HOST, running.port))
        socks[who].sendall(request("mock", f"{phase} #{who}", "*/*"))
    assert await_that(lambda: running.notes("asked", phase).keys() >= set(names), 5)

    left_at = {}
    for who in (bob, cem, ada):
        left_at[who] = time.monotonic()
        socks[who].close()
    assert await_that(lambda: running.notes("left", phase).keys() >= set(names), 5)
    left = running.notes("left", phase)
    assert all(left[who] >= left_at[who] for who in names)


def test_who_has_a_whole_answer_has_not_left(running: Upstream) -> None:
    with socket.create_connection((HOST, running.port)) as sock:
        sock.sendall(request("mock", f"{SHORT} #ada", "*/*"))
        data = b""
        while not data.endswith(b"0\r\n\r\n"):
            data += sock.recv(65536)
    assert data.count(WORD.encode()) == 20
    assert await_that(running.has_noted(1, "asked", SHORT), 5)
    time.sleep(50 * MS)
    assert running.notes("left", SHORT) == {}
