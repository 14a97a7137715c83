"""The counting client, in front of the scripted upstream and of upstreams that fail."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from loadtests.bench.contenders import DIRECT
from loadtests.rig import ClientMode, Load, Mark, Outcome, counted, free_port, upstream
from loadtests.rig.counting.__main__ import Client
from loadtests.rig.scripted import ScriptedUpstream, Step, Talk
from loadtests.rig.upstream.scripts import ROLE, TOKEN, WORD, ending
from tests.conftest import MS

HEAD = b"HTTP/1.1 200 OK\r\nX-Request-ID: 0\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def upstream_port() -> Iterator[int]:
    with upstream() as running:
        yield running.port


def load(port: int, streams: int, tokens: int, every_ms: int = 1, client: ClientMode = "asleep") -> Load:
    model = f"bench-tokens{tokens}-every{every_ms}"
    return Load(port, DIRECT.request(model), streams, tokens, WORD, 0.01, tokens * every_ms / 1000, client)


@pytest.mark.parametrize("client", ["asleep", "awake"])
def test_every_token_of_every_stream_is_counted_and_timed(client: ClientMode) -> None:
    """An answer goes on some time after all have begun."""
    go_on = threading.Event()

    def script(_: Talk) -> Iterator[Step]:
        yield HEAD + ROLE + TOKEN
        go_on.wait(20)
        yield from [TOKEN] * 49
        yield ending(50, with_usage=True)

    with ScriptedUpstream(script) as server:
        told = counted(load(server.port, 20, 50, client=client))
        opened = next(told)
        time.sleep(100 * MS)
        go_on.set()
        closing, outcome = told

    assert isinstance(opened, Mark)
    assert isinstance(closing, Mark)
    assert isinstance(outcome, Outcome)
    assert (opened.at, closing.at) == ("open", "closing")
    assert 20 == opened.tokens < closing.tokens < outcome.tokens
    assert closing.seconds - opened.seconds >= 100 * MS
    assert 0 < outcome.busy_share < 1
    assert (outcome.tokens, outcome.failures) == (1000, {})
    assert outcome.tokens / outcome.reads >= 1
    assert len(outcome.first_tokens) == len(outcome.totals) == 20
    assert all(0 < first <= total for first, total in zip(outcome.first_tokens, outcome.totals, strict=True))
    assert min(outcome.totals) >= 100 * MS


def test_a_stream_that_ends_before_the_last_begins_closes_the_window(upstream_port: int) -> None:
    late = Load(upstream_port, DIRECT.request("bench-tokens2-every1"), 3, 2, WORD, 0.3, 0.3, "asleep")
    marks = [each for each in counted(late) if isinstance(each, Mark)]

    assert [mark.at for mark in marks] == ["closing", "open"]


def test_streams_begin_when_they_are_due(upstream_port: int) -> None:
    due = (0.0, 0.05, 0.05, 0.2)
    asked = replace(load(upstream_port, len(due), 3), arrivals=due)
    outcome = next(each for each in counted(asked) if isinstance(each, Outcome))

    assert sorted(answer.due for answer in outcome.answers) == list(due)
    assert all(answer.due <= answer.sent < answer.due + 2 for answer in outcome.answers)


def test_a_client_that_dies_is_an_error(monkeypatch: pytest.MonkeyPatch, upstream_port: int) -> None:
    monkeypatch.setattr("loadtests.rig.counting.client.sys.executable", "/bin/true")
    with pytest.raises(RuntimeError, match="without an outcome"):
        list(counted(load(upstream_port, 1, 1)))


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


def test_who_is_refused_has_failed_and_the_others_go_on() -> None:
    refused = Client(load(free_port(), streams=3, tokens=3)).run()
    assert (refused.failures, refused.answers) == ({"ConnectionRefusedError": 3}, [])


@pytest.mark.timed
def test_nobody_waits_with_a_connection_that_stands_in_line() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        asked = replace(load(full.getsockname()[1], streams=5, tokens=3), patience_seconds=0.2)
        assert Client(asked).run().failures == {"did not end in time": 5}
