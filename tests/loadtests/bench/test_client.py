"""The counting client, in front of the cheap upstream and of upstreams that fail."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from loadtests.bench.client import Client, Load, Mark
from loadtests.bench.contenders import DIRECT
from loadtests.bench.measure import Point
from loadtests.bench.upstream import ROLE, TOKEN, WORD, ending
from loadtests.measuring import percentile
from loadtests.rig import ROOT, free_port

HEAD = b"HTTP/1.1 200 OK\r\nX-Request-ID: 0\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def upstream() -> Iterator[int]:
    """The bench's upstream as a process; its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "loadtests.bench.upstream", str(port)], cwd=ROOT)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except ConnectionRefusedError:
            continue
    yield port
    process.kill()
    process.wait()


def load(port: int, streams: int, tokens: int, every_ms: int = 1) -> Load:
    model = f"bench-tokens{tokens}-every{every_ms}"
    return Load(port, DIRECT.request(model), streams, tokens, WORD, 0.01, tokens * every_ms / 1000)


@pytest.mark.parametrize("sleeps", [True, False])
def test_every_token_of_every_stream_is_counted_and_timed(sleeps: bool, upstream: int, capfdbinary) -> None:
    outcome = Client(replace(load(upstream, streams=20, tokens=50, every_ms=2), sleeps=sleeps)).run()

    assert 0 < outcome.busy_share < 1
    assert (outcome.tokens, outcome.failures) == (1000, {})
    assert len(outcome.first_tokens) == len(outcome.totals) == 20
    assert all(
        0 < first <= 0.05 <= total for first, total in zip(outcome.first_tokens, outcome.totals, strict=True)
    )
    assert 0.09 <= percentile(outcome.totals, 0.5) < 1
    assert [line.split(b'"')[3] for line in capfdbinary.readouterr().out.splitlines()] == [
        b"open",
        b"closing",
    ]


def served(*pieces: bytes) -> int:
    """The port of a server that sends these pieces to one client and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        sock, _ = listener.accept()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with listener, sock:
            sock.recv(65536)
            for piece in pieces:
                sock.sendall(piece)
                threading.Event().wait(0.01 / len(pieces))

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


WHOLE = HEAD + ROLE + TOKEN * 3 + ending(3, with_usage=True)


@pytest.mark.parametrize(
    ("pieces", "failures"),
    [
        ([WHOLE], {}),
        ([WHOLE[at : at + 1] for at in range(len(WHOLE))], {}),
        ([HEAD], {"closed early": 1}),
        ([HEAD + ROLE + TOKEN], {"closed early": 1}),
        ([HEAD + ROLE + TOKEN * 2 + ending(2, with_usage=False)], {"2 tokens": 1}),
        ([HEAD + ROLE + ending(0, with_usage=False)], {"no answer": 1}),
        ([HEAD, b"\r\n0\r\n\r\n"], {"no answer": 1}),
    ],
    ids=["whole", "byte by byte", "nothing", "cut", "too few", "no text", "empty"],
)
def test_what_counts_as_an_answer(pieces: list[bytes], failures: dict[str, int], capfdbinary) -> None:
    assert Client(load(served(*pieces), streams=1, tokens=3)).run().failures == failures


def test_a_mark_is_told_from_an_outcome() -> None:
    assert Mark("open", 1, 0.0).at == "open"
    assert Point(streams=1, per_second=50, tokens=101, ramp_seconds=0).seconds == 2.0
    assert Point(streams=1, per_second=50, tokens=101, ramp_seconds=0).model == "bench-tokens101-every20"
