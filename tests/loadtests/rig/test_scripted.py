"""The upstream of a script: what it sends, when, how it ends, and what it knows of a request."""

import socket
import time

import pytest

from loadtests.rig.scripted import (
    LAST_CHUNK,
    OK,
    Ending,
    ScriptedUpstream,
    Talk,
    chunk,
    chunked,
    plays,
    until_closed,
)
from tests.conftest import MS

ASKED = b'POST /v1/chat?a=b HTTP/1.1\r\nX-Name:  a b \r\nContent-Length: 7\r\n\r\n{"a":1}'


def told(upstream: ScriptedUpstream, sock: socket.socket) -> bytes:
    """All that comes until the connection ends."""
    sock.sendall(ASKED)
    data = b""
    while read := sock.recv(65536):
        data += read
    return data


def connected(upstream: ScriptedUpstream) -> socket.socket:
    return socket.create_connection(("127.0.0.1", upstream.port), 10)


def test_steps_are_taken_one_after_another() -> None:
    with ScriptedUpstream(plays(b"a", 50 * MS, b"b", Ending.CLOSE)) as upstream, connected(upstream) as sock:
        began = time.monotonic()
        assert told(upstream, sock) == b"ab"
        assert time.monotonic() - began >= 50 * MS


def test_a_reset_is_no_close() -> None:
    with (
        ScriptedUpstream(plays(b"a", 20 * MS, Ending.RESET)) as upstream,
        connected(upstream) as sock,
        pytest.raises(ConnectionResetError),
    ):
        told(upstream, sock)


def test_a_script_may_act_by_itself_and_knows_what_was_asked() -> None:
    def script(talk: Talk) -> None:
        talk.send(repr((talk.path, talk.headers["x-name"], talk.body)).encode())
        talk.close()

    with ScriptedUpstream(script) as upstream, connected(upstream) as sock:
        assert told(upstream, sock) == repr(("/v1/chat?a=b", "a b", {"a": 1})).encode()
        assert (upstream.connections, upstream.requests) == (1, [ASKED])


def test_one_connection_asks_again_and_again() -> None:
    with ScriptedUpstream(plays(b"x")) as upstream, connected(upstream) as sock:
        for _ in range(3):
            sock.sendall(ASKED)
            assert sock.recv(10) == b"x"
        assert (upstream.connections, len(upstream.requests)) == (1, 3)


def test_it_sees_a_client_that_leaves() -> None:
    seen: list[bool] = []

    def script(talk: Talk) -> None:
        seen.append(talk.gone(within=10 * MS))
        talk.send(b"x")
        seen.append(talk.gone(within=10))

    with ScriptedUpstream(script) as upstream:
        with connected(upstream) as sock:
            sock.sendall(ASKED)
            assert sock.recv(1) == b"x"
        began = time.monotonic()
        while len(seen) < 2 and time.monotonic() < began + 10:
            time.sleep(MS)
    assert seen == [False, True]


def test_its_end_waits_for_no_script() -> None:
    began = time.monotonic()
    with ScriptedUpstream(plays(60.0)) as upstream, connected(upstream) as sock:
        sock.sendall(ASKED)
    assert time.monotonic() - began < 10


def test_a_body_in_chunks_and_one_until_the_end_of_the_connection() -> None:
    steps = [b"ab", 0.0, b"c"]
    sent = b"".join(step for step in chunked(steps) if isinstance(step, bytes))
    assert sent.partition(b"\r\n\r\n")[2] == chunk(b"ab") + chunk(b"c") + LAST_CHUNK
    assert list(until_closed(steps)) == [OK.replace(b"1.1", b"1.0") + b"\r\n", *steps, Ending.CLOSE]
