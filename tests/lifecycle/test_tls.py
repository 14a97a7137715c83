"""The app where gunicorn itself ends TLS: clients leave, stall, half-close and are told of a shutdown as without."""

import contextlib
import signal
import socket
import ssl
import time
from collections.abc import Iterator

import pytest

from loadtests.rig import send_signal
from loadtests.rig.streams import JSON, NDJSON, RESET, SSE
from loadtests.stack import Stack
from tests.conftest import CERTIFICATE, MS
from tests.lifecycle.chat_client import ChatClient
from tests.lifecycle.phases import BEFORE_HEADERS, BETWEEN_TOKENS, FLOODING, PHASES, STALLED, PhasedUpstream
from tests.lifecycle.processes import ended

SEND_TIMEOUT = 0.5
SOON = 3000 * MS
ENV = {
    "GUNICORN_CMD_ARGS": f"--certfile {CERTIFICATE}",
    "CHAT_SEND_TIMEOUT_SECONDS": str(SEND_TIMEOUT),
    # What the watch does, no heartbeat does in its place.
    "CHAT_HEARTBEAT_SECONDS": "30",
}


@pytest.fixture(
    scope="module",
    params=[pytest.param(ssl.TLSVersion.TLSv1_2, marks=pytest.mark.thorough), ssl.TLSVersion.TLSv1_3],
)
def tls(request: pytest.FixtureRequest) -> ssl.SSLContext:
    """A client's. With 1.2 it says openly that it closes; with 1.3 in a record that looks like any other."""
    context = ssl.create_default_context(cafile=CERTIFICATE)
    context.check_hostname = False
    context.maximum_version = request.param
    return context


@pytest.fixture(scope="module")
def port(tls: ssl.SSLContext, phased_upstream: PhasedUpstream) -> Iterator[int]:
    with Stack(env={**ENV, "OPENAI_BASE_URL": phased_upstream.url}, tls=tls) as stack:
        yield stack.port
        # A handshake that fails, as one of the stack's own first questions may, is no error.
        said = stack.output("web").splitlines()
        assert [line for line in said if "[ERROR]" in line or '"level":"error"' in line] == []


def say_goodbye(client: ChatClient) -> None:
    """Send a close_notify, and wait for none."""
    assert isinstance(client.sock, ssl.SSLSocket)
    client.sock.setblocking(False)
    with contextlib.suppress(ssl.SSLError):
        client.sock.unwrap()
    client.sock.setblocking(True)


@pytest.mark.parametrize("accept", [SSE, JSON])
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("goodbye", [True, False])
def test_a_client_that_leaves_closes_the_upstream(
    goodbye: bool, phase: str, accept: str, port: int, tls: ssl.SSLContext, upstream: PhasedUpstream
) -> None:
    client = ChatClient(port, tls=tls).ask("mock", phase, accept=accept)
    assert upstream.reached.get(timeout=5) == phase
    if goodbye:
        say_goodbye(client)
    left_at = client.leave()
    assert upstream.left_at() - left_at < SOON


def test_so_does_one_that_resets_its_connection(
    port: int, tls: ssl.SSLContext, upstream: PhasedUpstream
) -> None:
    client = ChatClient(port, tls=tls).ask("mock", STALLED)
    upstream.reached.get(timeout=5)
    left_at = client.reset()
    assert upstream.left_at() - left_at < SOON


@pytest.mark.parametrize("goodbye", [True, False])
def test_so_does_one_that_leaves_some_time_after_it_has_asked_again(
    goodbye: bool, port: int, tls: ssl.SSLContext, upstream: PhasedUpstream
) -> None:
    client = ChatClient(port, tls=tls).ask("mock", STALLED).ask("mock", STALLED)
    upstream.reached.get(timeout=5)
    time.sleep(100 * MS)
    if goodbye:
        say_goodbye(client)
    left_at = client.leave()
    assert upstream.left_at() - left_at < SOON + 1


@pytest.mark.parametrize("accept", [SSE, JSON])
@pytest.mark.parametrize("phase", PHASES)
def test_a_client_that_only_stops_sending_gets_its_answer(
    phase: str, accept: str, port: int, tls: ssl.SSLContext, upstream: PhasedUpstream
) -> None:
    with ChatClient(port, tls=tls).ask("mock", phase, accept=accept) as client:
        upstream.reached.get(timeout=5)
        client.half_close()
        time.sleep(50 * MS)
        upstream.let_go()
        reply = client.reply()
    assert (reply.status, reply.whole) == (200, True)
    assert reply.text.endswith("lo")
    assert upstream.left.empty()


@pytest.mark.parametrize("phase", [BEFORE_HEADERS, STALLED])
def test_so_does_one_that_says_that_it_stops_sending(
    phase: str, port: int, tls: ssl.SSLContext, upstream: PhasedUpstream
) -> None:
    with ChatClient(port, tls=tls).ask("mock", phase) as client:
        upstream.reached.get(timeout=5)
        client.read_until(b'"delta"' if phase == STALLED else b'"start"')
        say_goodbye(client)
        client.half_close()
        time.sleep(50 * MS)
        upstream.let_go()
        reply = client.reply()
    assert (reply.whole, reply.last["type"]) == (True, "done")
    assert upstream.left.empty()


@pytest.mark.parametrize("phase", [BEFORE_HEADERS, BETWEEN_TOKENS])
def test_so_does_one_that_asks_again_before_it_has_its_answer(
    phase: str, port: int, tls: ssl.SSLContext, upstream: PhasedUpstream
) -> None:
    with ChatClient(port, tls=tls) as client:
        client.ask("mock", phase).ask("mock", phase, accept=NDJSON)
        upstream.reached.get(timeout=5)
        time.sleep(50 * MS)
        upstream.let_go()
        first, second = client.reply(), client.reply()
    assert first.last["type"] == second.last["type"] == "done"
    assert second.headers["content-type"].startswith(NDJSON)


def test_a_client_that_takes_nothing_is_cut(port: int, tls: ssl.SSLContext, upstream: PhasedUpstream) -> None:
    asked_at = time.monotonic()
    stuck = [ChatClient(port, receive_buffer=4096, tls=tls).ask("mock", FLOODING) for _ in range(3)]
    for _ in stuck:
        assert SEND_TIMEOUT * 0.9 <= upstream.left_at() - asked_at < 5
    for client in stuck:
        client.leave()


@pytest.mark.thorough
def test_a_silent_answer_gets_its_last_word_at_a_shutdown(
    tls: ssl.SSLContext, upstream: PhasedUpstream
) -> None:
    env = {**ENV, "OPENAI_BASE_URL": upstream.url, "CHAT_SHUTDOWN_GRACE_SECONDS": "4"}
    with Stack(env=env, tls=tls) as stack, ChatClient(stack.port, tls=tls) as client:
        client.ask("mock", STALLED).read_until(b'"delta"')
        told_at = send_signal(signal.SIGTERM, [stack.processes["web"].pid])
        last = client.reply().last
        assert (last["finish_reason"], last["reason"]) == ("interrupted", "shutdown")
        code, gone_at = ended(stack)
        assert code == 0
        assert gone_at - told_at < 8


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00\x05\x01"])
@pytest.mark.parametrize("resets", [False, True])
def test_a_handshake_that_a_client_breaks_is_no_error(
    resets: bool, said: bytes, port: int, tls: ssl.SSLContext
) -> None:
    """What the app says of it, the fixture looks at."""
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port)) as sock:
            sock.sendall(said)
            if resets:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    with ChatClient(port, tls=tls) as client:
        client.sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.reply().status == 200
