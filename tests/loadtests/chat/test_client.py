import sys
import threading
from collections.abc import Callable, Iterable

import pytest

from loadtests.chat.client import Client, ClientError
from loadtests.rig import free_port
from loadtests.rig.scripted import CHUNKED, Ending, ScriptedUpstream, Step, Talk, chunked, until_closed, whole
from tests.conftest import MS

BODIES: dict[str, Callable[[Iterable[Step]], Iterable[Step]]] = {
    "chunked": chunked,
    "until closed": until_closed,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_blocks_come_when_they_are_sent(body: Callable[[Iterable[Step]], Iterable[Step]]) -> None:
    tokens = [b"token %d\n" % at for at in range(20)]
    taken = threading.Semaphore(0)

    def steps() -> Iterable[Step]:
        """Sends the next block only when the one before has come out of the client."""
        for token in tokens:
            yield token
            assert taken.acquire(timeout=10), "a block was held back"

    blocks = []
    with ScriptedUpstream(lambda _: body(steps())) as server, Client(server.origin) as client:
        for block in client.post("/chat", {}):
            blocks.append(block)
            taken.release()
    assert blocks == tokens


def test_the_request_is_json_and_unzipped() -> None:
    def script(request: Talk) -> list[Step]:
        return [whole({"body": request.body, **request.headers})]

    with ScriptedUpstream(script) as server, Client(server.origin) as client:
        seen = b"".join(client.post("/chat", {"prompt": "é"}, accept="text/event-stream")).decode()
    for part in ('"prompt": "\\u00e9"', '"accept": "text/event-stream"', '"accept-encoding": "identity"'):
        assert part in seen


def test_one_connection_serves_many_requests() -> None:
    with ScriptedUpstream(lambda _: chunked([b"a", b"b"])) as server, Client(server.origin) as client:
        for _ in range(3):
            assert b"".join(client.post("/chat", {})) == b"ab"
        assert server.connections == 1


def test_the_kernel_counts_bytes_and_segments() -> None:
    steps: list[Step] = [step for _ in range(10) for step in (b"0123456789", 10 * MS)]
    with ScriptedUpstream(lambda _: chunked(steps)) as server, Client(server.origin) as client:
        list(client.post("/chat", {}))
        count = client.received()
    if sys.platform != "linux":
        assert count is None
        return
    assert count is not None
    assert count[0] == len(CHUNKED) + 10 * len(b"a\r\n0123456789\r\n") + 5
    assert 11 <= count[1] <= 12


@pytest.mark.parametrize(
    "steps",
    [
        [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", Ending.CLOSE],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n", Ending.CLOSE],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123", Ending.RESET],
        [Ending.CLOSE],
        [b"nonsense\r\n\r\n"],
    ],
)
def test_an_answer_that_breaks_off_is_an_error(steps: list[Step]) -> None:
    with (
        ScriptedUpstream(lambda _: steps) as server,
        Client(server.origin) as client,
        pytest.raises(ClientError),
    ):
        list(client.post("/chat", {}))


def test_silence_is_an_error() -> None:
    with (
        ScriptedUpstream(lambda _: [1000 * MS]) as server,
        Client(server.origin, 50 * MS) as client,
        pytest.raises(ClientError, match="TimeoutError"),
    ):
        client.post("/chat", {})


def test_a_status_other_than_200_is_an_error_with_its_body() -> None:
    refusal = whole({"error": {"code": "no_such_model"}}, b"400 Bad Request")
    with (
        ScriptedUpstream(lambda _: [refusal]) as server,
        Client(server.origin) as client,
        pytest.raises(ClientError, match=r"400 .*no_such_model"),
    ):
        client.post("/chat", {})


def test_an_error_says_what_was_asked() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    refused = f"{url}: ConnectionRefusedError"
    with Client(url) as client, pytest.raises(ClientError, match=f"^GET {refused}"):
        client.get("/mock/requests")
    with Client(url) as client, pytest.raises(ClientError, match=f"^POST {refused}"):
        client.post("/chat", {})
