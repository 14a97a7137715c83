"""One client that means no good, at full force: NAME PORT SECONDS are the arguments of its process.

That prints how many of its connections should have been ended, and were not.
"""

from __future__ import annotations

import contextlib
import select
import selectors
import socket
import sys
import time
from collections.abc import Callable

from loadtests.rig import HOST

HEAD = b"POST /chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
CONNECTIONS = 200


def pipelined(port: int, until: float) -> None:
    """One connection, on which requests come one behind the other without a pause."""
    flooding(port, until, b"", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 300)


def one_byte_chunks(port: int, until: float) -> None:
    """A body in chunks of one byte."""
    flooding(port, until, CHUNKED, b"1\r\n \r\n" * 2000)


def refused_and_going_on(port: int, until: float) -> None:
    """A body that goes on after its 413."""
    flooding(port, until, HEAD + b"Content-Length: 100000000000\r\n\r\n", b"x" * 65536)


def nowhere_and_going_on(port: int, until: float) -> None:
    """A body that goes on after its 404."""
    flooding(port, until, CHUNKED.replace(b"/chat", b"/none"), b"FFFF\r\n" + b"x" * 65535 + b"\r\n")


def trickling(port: int, until: float) -> int:
    """Many bodies of which a byte comes now and then; returns how many of them nobody has answered."""
    socks = [opened(port, HEAD + b"Content-Length: 1000\r\n\r\n") for _ in range(CONNECTIONS)]
    while time.monotonic() < until:
        for sock in socks:
            with contextlib.suppress(OSError):
                sock.send(b" ")
        time.sleep(0.5)
    answered, _, _ = select.select(socks, [], [], 0)
    return len(socks) - len(answered)


def taking_nothing(port: int, until: float) -> None:
    """Many who ask for the page again and again, and read none of it."""
    asked = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 500
    socks = [opened(port, asked) for _ in range(20)]
    time.sleep(max(0.0, until - time.monotonic()))
    for sock in socks:
        sock.close()


ATTACKS: dict[str, Callable[[int, float], int | None]] = {
    "pipelined": pipelined,
    "one-byte-chunks": one_byte_chunks,
    "refused-and-going-on": refused_and_going_on,
    "nowhere-and-going-on": nowhere_and_going_on,
    "trickling": trickling,
    "taking-nothing": taking_nothing,
}


def opened(port: int, first: bytes) -> socket.socket:
    sock = socket.create_connection((HOST, port))
    sock.setblocking(False)
    with contextlib.suppress(BlockingIOError):
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


def main() -> None:
    """Attack as the arguments say."""
    unended = ATTACKS[sys.argv[1]](int(sys.argv[2]), time.monotonic() + float(sys.argv[3]))
    sys.stdout.write(f"{unended or 0}\n")
