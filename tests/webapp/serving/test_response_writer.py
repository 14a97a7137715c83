"""What gunicorn writes of a response, to clients that keep up and to those that do not."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gevent
import pytest
from gevent import socket as gevent_socket
from gevent import ssl as gevent_ssl
from gunicorn.config import Config
from gunicorn.http import wsgi
from gunicorn.http.parser import RequestParser

from tests.conftest import MS
from webapp.serving.lifecycle import LastBytes
from webapp.serving.response_writer import ResponseWriter, has_rest, http_date

CERTIFICATE = Path(__file__).parents[1] / "tls" / "localhost.pem"
BODY = [b"Hello", b"", b" world", LastBytes(b"x" * 300)]

Pair = tuple[gevent_socket.socket, gevent_socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ends = gevent_socket.socketpair()
    yield ends
    for end in ends:
        end.close()


def response(
    sock: Any,
    made: type[wsgi.Response] = ResponseWriter,
    *,
    method: str = "POST",
    version: tuple[int, int] = (1, 1),
    status: str = "200 OK",
    headers: tuple[tuple[str, str], ...] = (("X-Name", "café"),),
) -> wsgi.Response:
    req = SimpleNamespace(method=method, version=version, should_close=lambda: False)
    begun = made(req, sock, SimpleNamespace())
    begun.start_response(status, list(headers))
    return begun


class Sends:
    """A socket that keeps each send for itself."""

    def __init__(self) -> None:
        self.sends: list[bytes] = []
        self._sock = self

    def send(self, data: bytes) -> int:
        self.sends.append(data)
        return len(data)

    def sendall(self, data: bytes) -> None:
        self.sends.append(bytes(data))


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"method": "HEAD"},
        {"version": (1, 0)},
        {"status": "204 No Content"},
        {"headers": (("Content-Length", "8"),)},
    ],
    ids=["chunked", "head", "http 1.0", "no content", "content length"],
)
def test_the_bytes_are_gunicorns_own(asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gunicorn.util.http_date", lambda: "today")
    written = []
    for made in (wsgi.Response, ResponseWriter):
        sock = Sends()
        begun = response(sock, made, **asked)
        for data in BODY:
            begun.write(data)
        begun.close()
        written.append((b"".join(sock.sends), begun.sent, begun.headers_sent))
    assert written[1] == written[0]


def test_the_head_leaves_with_the_first_chunk_and_each_other_chunk_at_once() -> None:
    sock = Sends()
    begun = response(sock)
    for data in (b"Hello", b"world"):
        begun.write(data)
    assert [sock.sends[0][-14:], sock.sends[1]] == [b"\r\n\r\n5\r\nHello\r\n", b"5\r\nworld\r\n"]


def test_a_head_without_a_chunk_leaves_as_well() -> None:
    """Plain text has nothing to say before the model has."""
    sock = Sends()
    response(sock).write(b"")
    assert [sent[-4:] for sent in sock.sends] == [b"\r\n\r\n"]


def test_all_is_sent_to_a_client_that_reads_late(pair: Pair) -> None:
    sock, peer = pair
    data = bytes(range(256)) * 8192
    received = bytearray()

    def read() -> None:
        while not received.endswith(b"\r\n0\r\n\r\n"):
            gevent.sleep(1 * MS)
            received.extend(peer.recv(65536 * 4))

    reader = gevent.spawn(read)
    begun = response(sock)
    begun.write(data)
    begun.write(data)
    begun.close()
    reader.join(5)

    chunk = b"%X\r\n%b\r\n" % (len(data), data)
    assert received.partition(b"\r\n\r\n")[2] == chunk * 2 + b"0\r\n\r\n"


def test_a_timeout_is_kept(pair: Pair) -> None:
    sock, _ = pair
    sock.settimeout(10 * MS)
    with pytest.raises(TimeoutError):
        response(sock).write(b"x" * 10_000_000)


def test_a_client_that_left_is_noticed(pair: Pair) -> None:
    sock, peer = pair
    peer.close()
    with pytest.raises(BrokenPipeError):
        response(sock).write(b"Hello")


def test_over_tls_all_is_encrypted(pair: Pair) -> None:
    """Else it would be bytes between two records: `gunicorn --certfile` is an operator's to use."""
    server = gevent_ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(CERTIFICATE)
    trusting = gevent_ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.load_verify_locations(CERTIFICATE)
    received = bytearray()

    def read() -> None:
        with trusting.wrap_socket(pair[1], server_hostname="localhost") as secured:
            while not received.endswith(b"5\r\nHello\r\n"):
                received.extend(secured.recv(65536))

    reader = gevent.spawn(read)
    with server.wrap_socket(pair[0], server_side=True) as secured:
        response(secured).write(b"Hello")
        reader.join(5)
    assert received.endswith(b"\r\n\r\n5\r\nHello\r\n")


def test_the_end_goes_along_with_the_last_bytes() -> None:
    sock = Sends()
    begun = response(sock)
    for data in (b"Hello", LastBytes(b"!")):
        begun.write(data)
    begun.close()
    assert sock.sends[1:] == [b"1\r\n!\r\n0\r\n\r\n"]


def test_an_end_without_last_bytes_is_written_too() -> None:
    sock = Sends()
    begun = response(sock)
    for data in (b"Hello", LastBytes(b"")):
        begun.write(data)
    begun.close()
    assert sock.sends[1:] == [b"0\r\n\r\n"]


def test_dates_are_gunicorns_own() -> None:
    for timestamp in (0, 1764000000.2, 1764000000.9, 1764000001):
        assert http_date(timestamp) == formatdate(timestamp, usegmt=True)
    assert http_date() in {formatdate(time.time() - ago, usegmt=True) for ago in (0, 1)}


LENGTH = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n"
CHUNKS = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("came", "read", "rest"),
    [
        ([LENGTH + b"Hello!"], 0, False),
        ([LENGTH + b"Hello"], 0, True),
        ([LENGTH, b"Hello!"], 0, True),
        ([LENGTH, b"Hello!"], 6, False),
        ([CHUNKS + b"6\r\nHello!\r\n"], 0, True),
        ([CHUNKS + b"6\r\nHello!\r\n0\r\n\r\n"], 10, False),
        ([b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"], 0, False),
    ],
    ids=["all came", "a byte is missing", "nothing came", "read", "chunks", "chunks read", "none"],
)
def test_a_connection_whose_request_was_not_read_ends_with_its_answer(
    came: list[bytes], read: int, rest: bool
) -> None:
    """Else the rest of its body would be taken for the next request."""
    req = next(RequestParser(Config(), iter(came), ("127.0.0.1", 1)))
    if read:
        assert len(req.body.read(read)) == 6
    assert has_rest(req) is rest
    begun = ResponseWriter(req, Sends(), SimpleNamespace())
    begun.start_response("413 Content Too Large", [("Content-Length", "0")])
    assert begun.should_close() is rest
