"""The write path at the level of sockets: segments, due times, full sockets and clients that leave."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mockllm import MockLLMServer
from mockllm.timing.delivery import Delivery
from mockllm.timing.lateness import LatenessBoard
from mockllm.timing.sending import Sender
from mockllm.values.reply import Reply, Send
from tests.conftest import MS
from tests.mockllm.calls import Caller, chat_body


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
    """Yield what each read returns until the last chunk of the body."""
    while True:
        data = sock.recv(65536)
        yield time.monotonic(), data
        if not data or data.endswith(b"\r\n0\r\n\r\n"):
            return


def test_the_end_comes_in_one_segment_with_done(wire: socket.socket) -> None:
    ask(wire, model="mock-itl10-tokens4")
    *_, (_, last) = segments(wire)
    assert last.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")


def test_a_connection_serves_one_stream_after_another(wire: socket.socket) -> None:
    for _ in range(3):
        ask(wire)
        *_, (_, last) = segments(wire)
        assert last.endswith(b"0\r\n\r\n")


def test_tokens_come_one_by_one_and_never_early(wire: socket.socket) -> None:
    start = ask(wire, model="mock-ttft60-itl20-tokens6")
    (_, head), *events = segments(wire)
    times = [at - start for at, _ in events]
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"data:" not in head
    assert len(events) == 6
    for token, at in enumerate(times):
        assert 0.060 + token * 0.020 <= at + 0.002 < 0.060 + token * 0.020 + 500 * MS


def test_the_head_does_not_wait_for_the_first_token(wire: socket.socket) -> None:
    start = ask(wire, model="mock-ttft300-itl0")
    at, head = next(segments(wire))
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert at - start < 0.3


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
    start = time.monotonic()
    assert caller.chat(model="mock-tokens5", stream=True).status == 200
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("streamed", [True, False])
def test_a_second_request_may_wait_behind_the_first(wire: socket.socket, streamed: bool) -> None:
    ask(wire, model="mock-ttft20-itl5-tokens5", stream=streamed)
    ask(wire, model="mock-ttft20-itl5-tokens5", stream=False)
    received = b""
    while received.count(b"HTTP/1.1 200 OK") < 2 or not received.endswith((b"0\r\n\r\n", b"}")):
        received += wire.recv(65536)


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
    next(body)
    body.close()  # type: ignore[attr-defined] # a generator behind the plain iterator
    assert delivered[0].outcome == "client_gone"


@pytest.mark.parametrize("ending", ["close", "reset"])
def test_a_reply_may_end_badly(ending: Any) -> None:
    body = Sender(LatenessBoard()).body(
        Reply(200, (), [Send(0, b"a", 0)], ending=ending), {}, time.monotonic()
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
        wait_for(lambda: open_sockets(server) == before + 1)
        time.sleep(50 * MS)
    wait_for(lambda: open_sockets(server) == before)


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


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 2
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(5 * MS)
