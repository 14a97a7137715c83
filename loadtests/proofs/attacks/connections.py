"""Connections as those open and use them who mean no good: nothing waits, nothing is looked at twice."""

from __future__ import annotations

import contextlib
import select
import selectors
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from loadtests.rig import HOST, MissingError, await_that

WEAKEST = 19
"""The priority of all that attacks: it stands for other machines, whose cost is not taken from the app."""


BIND_ADDRESS_NO_PORT = 24
"""`IP_BIND_ADDRESS_NO_PORT` of ip(7): the port is chosen on connecting.

A port that is chosen on binding is nobody else's for a minute after its end: three attacks in a row would
use all 28,232 up, and search for the last for half a minute.
"""


def opened(port: int, first: bytes, source: str = "") -> socket.socket:
    """Connect, and send as much of it as is taken at once."""
    sock = socket.socket()
    if source:
        sock.setsockopt(socket.IPPROTO_IP, BIND_ADDRESS_NO_PORT, 1)
        sock.bind((source, 0))
    sock.connect((HOST, port))
    sock.setblocking(False)
    with contextlib.suppress(OSError):
        sock.send(first)
    return sock


def flooding(port: int, until: float, first: bytes, again: bytes) -> None:
    """Send without a pause, throw away what comes, and come back whenever the connection ends."""
    while time.monotonic() < until:
        with contextlib.suppress(OSError), opened(port, first) as sock, selectors.DefaultSelector() as ready:
            ready.register(sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
            rest = memoryview(again)
            while time.monotonic() < until:
                for _, events in ready.select(0.1):
                    if events & selectors.EVENT_READ and not sock.recv(1_000_000):
                        raise ConnectionResetError
                    if events & selectors.EVENT_WRITE:
                        rest = rest[sock.send(rest) :] or memoryview(again)


def silent(socks: Iterable[socket.socket]) -> int:
    """How many of them nobody has answered, nor closed."""
    waiting = 0
    for sock in socks:
        with contextlib.suppress(OSError):
            try:
                sock.recv(1, socket.MSG_PEEK)
            except BlockingIOError:
                waiting += 1
    return waiting


def uncut(socks: Sequence[socket.socket], seconds: float) -> int:
    """How many of them are not reset within so many seconds."""
    ready = select.poll()
    for sock in socks:
        ready.register(sock, 0)
    await_that(lambda: len(ready.poll(0)) == len(socks), seconds)
    return len(socks) - len(ready.poll(0))


def closed(socks: Iterable[socket.socket]) -> None:
    for sock in socks:
        sock.close()


def fetched(port: int, request: bytes) -> bytes:
    """Ask, and return all that comes until the connection ends."""
    received = b""
    with socket.create_connection((HOST, port), 10) as sock:
        sock.sendall(request)
        while data := sock.recv(65536):
            received += data
    return received


@contextlib.contextmanager
def certified() -> Iterator[tuple[Path, ssl.SSLContext]]:
    """A certificate and its key in one file, and how a client trusts it. Raises MissingError."""
    openssl = shutil.which("openssl")
    if not openssl:
        raise MissingError("openssl is missing, which makes the certificate of the attack on handshakes")
    with tempfile.TemporaryDirectory(prefix="first-token-") as folder:
        file = Path(folder) / "localhost.pem"
        made = [openssl, "req", "-x509", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        subprocess.run(  # noqa: S603  # openssl, with a path of our own
            [*made, *curve, "-keyout", file, "-out", file], check=True, capture_output=True
        )
        trusting = ssl.create_default_context(cafile=file)
        trusting.check_hostname = False
        yield file, trusting
