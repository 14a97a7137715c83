"""Bodies of requests on the wire: what is accepted, when one is waited for no longer, and who makes room."""

import gzip
import json
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from loadtests.rig import chunk, send_signal
from loadtests.stack import Stack
from tests.lifecycle.chat_client import ChatClient
from tests.lifecycle.processes import ended

BODY_SECONDS = 2
MODEL = "mock-ttft0-itl0-tokens5"
ASKED = json.dumps({"prompt": "Hi", "model": MODEL, "stream": False}).encode()
HEAD = b"POST /chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n"
LAST = b"0\r\n\r\n"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with Stack(env={"CHAT_BODY_TIMEOUT_SECONDS": str(BODY_SECONDS)}) as running:
        yield running


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (CHUNKED + b"\r\n" + chunk(ASKED) + LAST, 200, None),
        (CHUNKED + b"\r\n" + chunk(ASKED + b" " * 3_000_000) + LAST, 413, "body_too_large"),
        (CHUNKED + b"\r\n" + chunk(b" " * 3_000_000 + ASKED) + LAST, 413, "body_too_large"),
        (CHUNKED + b"\r\n" + chunk(ASKED.ljust(1_000_000)) + b"GARBAGE\r\n", 400, "body_malformed"),
        (CHUNKED + b"\r\n" + chunk(ASKED.ljust(1_000_000)) + chunk(b"GARBAGE") + LAST, 413, "body_too_large"),
        (CHUNKED + b"\r\n" + chunk(ASKED) + b"GARBAGE\r\n", 400, "body_malformed"),
        (CHUNKED + b"\r\n" + chunk(ASKED), 400, "body_malformed"),
        (CHUNKED + b"Content-Encoding: gzip\r\n\r\n" + chunk(gzip.compress(ASKED)) + LAST, 415, None),
        (
            HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + chunk(gzip.compress(ASKED)) + LAST,
            415,
            "unsupported_encoding",
        ),
        (HEAD + b"Content-Length: 3000000\r\n\r\n" + ASKED.ljust(3_000_000), 413, "body_too_large"),
        (HEAD + b"Content-Length: %d\r\n\r\n" % (len(ASKED) + 1) + ASKED, 400, "body_malformed"),
        (HEAD + b"Content-Length: 900000\r\n\r\n" + ASKED, 400, "body_malformed"),
        (HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde", 415, "unsupported_encoding"),
    ],
    ids=[
        "in a chunk",
        "white space behind it",
        "white space before it",
        "garbage for a chunk behind as much as may be",
        "garbage in a chunk behind as much as may be",
        "garbage for a chunk",
        "no last chunk",
        "gzip in chunks",
        "gzip under chunks",
        "a length above the most",
        "one byte less than its length",
        "much less than its length",
        "gzip",
    ],
)
def test_a_body_is_what_it_says_it_is(
    stack: Stack, request_bytes: bytes, status: int, code: str | None
) -> None:
    with ChatClient(stack.port) as client:
        try:
            client.sock.sendall(request_bytes)
            client.half_close()
        except ConnectionError:
            # The refusal has come, and the rest was not wanted.
            assert status == 413
        reply = client.reply()
    assert reply.status == status
    if code:
        assert reply.last["error"]["code"] == code


def test_a_body_that_trickles_is_waited_for_no_longer_than_the_limit(stack: Stack) -> None:
    with ChatClient(stack.port) as client:
        begun_at, data = time.monotonic(), b""
        client.sock.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
        client.sock.settimeout(0.1)
        while not data and time.monotonic() < begun_at + 15:
            client.sock.sendall(b" ")
            try:
                data = client.sock.recv(65536)
            except TimeoutError:
                continue
        assert data.startswith(b"HTTP/1.1 408 ")
        assert BODY_SECONDS <= time.monotonic() - begun_at < BODY_SECONDS + 5


@pytest.mark.thorough
def test_bodies_that_are_waited_for_keep_no_process_that_is_told_to_stop() -> None:
    env = {"CHAT_BODY_TIMEOUT_SECONDS": "60", "CHAT_SHUTDOWN_GRACE_SECONDS": "20"}
    with Stack(env=env) as stack, ExitStack() as leaving:
        for begun in [
            HEAD + b"Content-Length: 1000\r\n\r\n{",
            CHUNKED + b"\r\n5\r\n",
            b"POST /chat HT",
            b"",
        ] * 5:
            sock = leaving.enter_context(socket.create_connection(("127.0.0.1", stack.port)))
            sock.sendall(begun)
        answering = leaving.enter_context(ChatClient(stack.port)).ask("mock-ttft0-itl50-tokens20")
        answering.read_until(b'"delta"')
        told_at = send_signal(signal.SIGTERM, [stack.processes["web"].pid])
        assert answering.reply().last["finish_reason"] == "stop"
        code, gone_at = ended(stack)
        assert code == 0
        assert gone_at - told_at < 10


def test_who_sends_nothing_makes_room_where_nine_of_ten_places_are_taken() -> None:
    env = {"GUNICORN_CMD_ARGS": "--worker-connections 20"}
    with Stack(env=env) as stack, ExitStack() as leaving:
        answering = leaving.enter_context(ChatClient(stack.port)).ask("mock-ttft0-itl50-tokens60")
        answering.read_until(b'"delta"')
        silent = []
        for number in range(40):
            sock = leaving.enter_context(socket.create_connection(("127.0.0.1", stack.port), 10))
            sock.sendall(b"" if number % 2 else HEAD + b"Content-Length: 1000\r\n\r\n{")
            silent.append(sock)
        for _ in range(5):
            with ChatClient(stack.port) as client:
                assert client.ask(MODEL).reply().status == 200
        # The first to come has gone, who had an answer has not.
        while silent[0].recv(1000):
            pass
        assert answering.reply().last["finish_reason"] == "stop"
