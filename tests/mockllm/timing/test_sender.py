"""The write path at the level of sockets: segments, due times, full sockets and clients that leave."""

import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mockllm import MockLLMServer
from mockllm.timing.delivery import Delivery
from mockllm.timing.lateness import LatenessBoard
from mockllm.timing.sender import Sender
from mockllm.values.reply import Reply, Send
from tests.conftest import MS
from tests.mockllm.calls import Caller, chat_body
from tests.waiting import until

ROOT = Path(__file__).parents[3]


@pytest.fixture
def wire(server: MockLLMServer) -> Iterator[socket.socket]:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as sock:
        yield sock


def ask(sock: socket.socket, **fields: Any) -> float:
    body = chat_body(**{"stream": True, **fields})
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: mock\r\nContent-Length: {len(body)}\r\n\r\n"
    start = time.monotonic()
    sock.sendall(head.encode() + body)
    return start


def segments(sock: socket.socket) -> Iterator[tuple[float, bytes]]:
    """Yield what each read returns until the last chunk of the body; where reads cut says nothing."""
    received = b""
    while not received.endswith(b"\r\n0\r\n\r\n"):
        data = sock.recv(65536)
        yield time.monotonic(), data
        if not data:
            return
        received += data


def arrivals(sock: socket.socket) -> tuple[bytes, list[float]]:
    """Return the head, and for each event with a token in it when it had come, [DONE] apart."""
    received, times = b"", []
    for at, data in segments(sock):
        received += data
        head, _, body = received.partition(b"\r\n\r\n")
        times += [at] * (body.count(b'"content":"') - 1 - len(times))
    return head, times


def test_the_end_comes_in_one_segment_with_done(wire: socket.socket) -> None:
    ask(wire, model="mock-itl10-tokens4")
    *_, (_, last) = segments(wire)
    assert last.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n" if hasattr(socket, "MSG_MORE") else b"0\r\n\r\n")


def test_a_connection_serves_one_stream_after_another(wire: socket.socket) -> None:
    for _ in range(3):
        ask(wire)
        assert b"".join(data for _, data in segments(wire)).endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")


def test_tokens_come_one_by_one_and_never_early(wire: socket.socket) -> None:
    start = ask(wire, model="mock-ttft60-itl20-tokens6")
    head, times = arrivals(wire)
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert len(times) == 6
    for token, at in enumerate(times):
        assert 0.060 + token * 0.020 <= at - start + 0.002
    # However busy the machine is, the last has not been kept for the end.
    assert times[-1] - start < 0.060 + 5 * 0.020 + 5


@pytest.mark.parametrize("before", range(1, 6))
def test_no_token_waits_for_a_later_one(wire: socket.socket, before: int) -> None:
    ask(wire, model=f"mock-ttft10-itl5-tokens6-stall@{before}")
    received = b""
    # The next token is an hour away: whatever comes has been sent without it.
    while received.count(b'"content":"') - 1 < before:
        data = wire.recv(65536)
        assert data, "ended"
        received += data
    assert received.count(b'"content":"') - 1 == before


def test_the_head_does_not_wait_for_the_first_token(wire: socket.socket) -> None:
    start = ask(wire, model="mock-ttft2000-itl0")
    at, head = next(segments(wire))
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"data:" not in head
    assert at - start < 2


def test_the_whole_answer_takes_as_long_as_its_stream(wire: socket.socket) -> None:
    start = ask(wire, model="mock-ttft50-itl10-tokens11", stream=False)
    data = wire.recv(65536)
    assert time.monotonic() - start >= 0.149
    assert data.startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_slow_reader_gets_every_byte(server: MockLLMServer, caller: Caller) -> None:
    fields = {"model": "mock-itl0-tokens20000", "stream": True}
    expected = caller.chat(**fields).body
    host, port = server.url.removeprefix("http://").split(":")
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.settimeout(10)
        sock.connect((host, int(port)))
        ask(sock, **fields)
        time.sleep(0.2)
        head, body = b"".join(data for _, data in segments(sock)).split(b"\r\n\r\n", 1)
    assert b"chunked" in head
    assert unchunked(body) == expected


def test_others_are_served_while_one_does_not_read(wire: socket.socket, caller: Caller) -> None:
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    ask(wire, model="mock-itl0-tokens32000")
    assert caller.chat(model="mock-tokens5", stream=True).status == 200


@pytest.mark.parametrize("streamed", [True, False])
def test_a_second_request_may_wait_behind_the_first(wire: socket.socket, streamed: bool) -> None:
    ask(wire, model="mock-ttft20-itl5-tokens5", stream=streamed)
    ask(wire, model="mock-ttft20-itl5-tokens5", stream=False)
    received = b""
    while received.count(b"HTTP/1.1 200 OK") < 2 or not received.endswith((b"0\r\n\r\n", b"}")):
        received += wire.recv(65536)


def test_a_slow_reader_is_not_the_mocks_lateness() -> None:
    with MockLLMServer(profile="instant") as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
            sock.settimeout(10)
            sock.connect((host, int(port)))
            ask(sock, model="mock-tokens30000")
            time.sleep(600 * MS)
            for _ in segments(sock):
                pass
        caller = Caller(server.url)
        ended = "/mock/requests?outcome=complete&times=false"
        until(lambda: bool(json.loads(caller.call("GET", ended).body)["requests"]))
        health = json.loads(Caller(server.url).call("GET", "/healthz").body)
        metrics = Caller(server.url).call("GET", "/metrics").body
        (told,) = json.loads(Caller(server.url).call("GET", "/mock/requests?times=true").body)["requests"]
    # Since its start: on a slow machine not all of them are of the last ten seconds.
    counted = re.search(rb"mockllm_token_lateness_seconds_count (\S+)", metrics)
    assert counted
    assert float(counted[1]) == told["tokens"] == 30_000
    assert told["actual"][-1] - told["planned"][-1] > 0.5, "the reader was slow"
    assert health["lateness"]["p99_ms"] < 500
    assert told["lateness_ms"]["p99"] < 500


def test_a_stream_that_breaks_ends_and_the_others_go_on() -> None:
    program = """
import itertools, sys
from mockllm.api.chat import chunks
from mockllm.__main__ import run

plan = chunks.ChatChunks._tokens
def breaking(self, index, call, part):
    # Behind what is made ahead, so that the error comes out of the event loop.
    broken = "break me" in part.text
    for number, data in enumerate(plan(self, index, call, part)):
        if broken and number == 150:
            raise ValueError("on purpose")
        yield data
chunks.ChatChunks._tokens = breaking
sys.argv = ["mockllm", "--port=0", "--profile=instant", "--stop-with-stdin", "--log-level=critical"]
run()
"""
    with started(program) as url:
        address = url.removeprefix("http://").split(":")
        with socket.create_connection((address[0], int(address[1])), timeout=10) as other:
            ask(other, model="mock-itl5-tokens300")
            with socket.create_connection((address[0], int(address[1])), timeout=10) as broken:
                ask(broken, model="mock-itl1-tokens300", mock={"text": "break me " * 200})
                received = b"".join(data for _, data in segments(broken))
            assert received.startswith(b"HTTP/1.1 200 OK")
            assert not received.endswith(b"0\r\n\r\n"), "it is cut, not complete"
            assert len(arrivals(other)[1]) == 300
        assert Caller(url).chat(model="mock-itl1-tokens5", stream=True).body.endswith(b"data: [DONE]\n\n")


LINUX_ONLY = {
    "socket": (
        "MSG_MORE",
        "SO_REUSEPORT",
        "TCP_CORK",
        "TCP_QUICKACK",
        "TCP_KEEPIDLE",
        "AF_PACKET",
        "SOCK_CLOEXEC",
    ),
    "os": (
        "sched_getaffinity",
        "sched_setaffinity",
        "memfd_create",
        "eventfd",
        "pidfd_open",
        "splice",
        "getrandom",
    ),
    "signal": ("pidfd_send_signal", "SIGRTMIN", "SIGPWR"),
    "select": ("epoll", "EPOLLIN"),
}


def test_a_stream_ends_where_nothing_is_that_only_linux_has() -> None:
    program = f"""
import importlib, pkgutil, sys
# What others make of the platform is theirs.
import gunicorn.workers.ggevent, subprocess
for name, gone in {LINUX_ONLY}.items():
    module = importlib.import_module(name)
    for each in gone:
        if hasattr(module, each):
            delattr(module, each)
import mockllm
for each in pkgutil.walk_packages(mockllm.__path__, "mockllm."):
    if each.name != "mockllm.__main__":
        importlib.import_module(each.name)
from mockllm.__main__ import run
sys.argv = ["mockllm", "--port=0", "--profile=instant", "--stop-with-stdin"]
run()
"""
    with started(program) as url:
        assert Caller(url).chat(stream=True).body.endswith(b"data: [DONE]\n\n")


@contextmanager
def started(program: str) -> Iterator[str]:
    """Run a program that starts a mock, and give its URL."""
    command = [sys.executable, "-c", program]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


def unchunked(body: bytes) -> bytes:
    pieces = []
    while body:
        size, body = body.split(b"\r\n", 1)
        pieces.append(body[: int(size, 16)])
        body = body[int(size, 16) + 2 :]
    return b"".join(pieces)


def test_under_any_wsgi_server_the_body_sleeps_until_its_due_times() -> None:
    delivered: list[Delivery] = []
    board = LatenessBoard()
    reply = Reply(200, (), [Send(0.02, b"a", 0), Send(0.04, b"b", 1)], end_due=0.06)
    start = time.monotonic()
    assert list(Sender(board).body(reply, {}, start, delivered.append)) == [b"a", b"b"]
    assert time.monotonic() - start >= 0.06
    assert delivered[0].outcome == "complete"
    assert [at - start >= due for at, due in zip(delivered[0].token_times, (0.02, 0.04), strict=True)] == [
        True,
        True,
    ]
    assert list(delivered[0].due_times) == [start + 0.02, start + 0.04]
    assert board.since_start().count == 2


def test_a_client_that_leaves_is_recorded() -> None:
    delivered: list[Delivery] = []
    reply = Reply(200, (), [Send(0, b"a", 0), Send(0, b"b", 1)])
    body = Sender(LatenessBoard()).body(reply, {}, time.monotonic(), delivered.append)
    next(iter(body))
    body.close()
    assert [each.outcome for each in delivered] == ["client_gone"]


@pytest.mark.parametrize(
    ("status", "method", "outcome"),
    [(204, "DELETE", "complete"), (200, "HEAD", "complete"), (200, "POST", "client_gone")],
)
def test_a_body_that_nobody_reads_has_an_end_too(status: int, method: str, outcome: str) -> None:
    delivered: list[Delivery] = []
    environ = {"REQUEST_METHOD": method}
    body = Sender(LatenessBoard()).body(
        Reply(status, (), [Send(0, b"a", 0)]), environ, time.monotonic(), delivered.append
    )
    for _ in range(2):
        body.close()
    assert [each.outcome for each in delivered] == [outcome]


@pytest.mark.parametrize("ending", ["close", "reset"])
def test_a_reply_may_end_badly(ending: Any) -> None:
    body = iter(
        Sender(LatenessBoard()).body(Reply(200, (), [Send(0, b"a", 0)], ending=ending), {}, time.monotonic())
    )
    assert next(body) == b"a"
    with pytest.raises(ConnectionResetError):
        next(body)


def test_sixty_streams_keep_their_pace(server: MockLLMServer) -> None:
    caller = Caller(server.url)
    totals: list[float] = []

    def stream() -> None:
        start = time.monotonic()
        body = caller.chat(model="mock-ttft50-itl10-tokens40", stream=True).body
        totals.append(time.monotonic() - start)
        assert json.loads(body.split(b"\n\n")[1][6:])

    threads = [threading.Thread(target=stream) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(totals) == 60
    assert min(totals) >= 0.44 - 0.002


@pytest.mark.parametrize(
    "model", ["mock-ttft60000", "mock-ttft0-itl60000"], ids=["before the first token", "after it"]
)
@pytest.mark.parametrize("streamed", [True, False])
def test_a_client_that_leaves_frees_its_connection_at_once(
    server: MockLLMServer, caller: Caller, model: str, streamed: bool
) -> None:
    before = open_sockets_at_rest(server)
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as sock:
        ask(sock, model=model, stream=streamed)
        until(lambda: open_sockets(server) == before + 1)
        time.sleep(50 * MS)
    until(lambda: open_sockets(server) == before)


def open_sockets_at_rest(server: MockLLMServer) -> int:
    """Count what stays open when the connections of earlier tests have gone."""
    counts = []
    for _ in range(10):
        counts.append(open_sockets(server))
        time.sleep(10 * MS)
    return min(counts)


def open_sockets(server: MockLLMServer) -> int:
    (worker,) = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return sum(is_open_socket(fd) for fd in Path(f"/proc/{worker}/fd").iterdir())


def is_open_socket(fd: Path) -> bool:
    try:
        return str(fd.readlink()).startswith("socket:")
    except FileNotFoundError:
        # Closed since the listing.
        return False
