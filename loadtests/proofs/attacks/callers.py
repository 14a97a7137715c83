"""Callers who mean no good. Each returns how many of its connections should have been ended, and were not."""

from __future__ import annotations

import contextlib
import itertools
import random
import re
import socket
import time

from loadtests.proofs.attacks.connections import closed, fetched, flooding, opened, silent, uncut
from loadtests.rig import PHASES, SHORT, SSE, raise_descriptor_limit, request

HOST_LINE = b"Host: localhost\r\n"
HEAD = b"POST /chat HTTP/1.1\r\n" + HOST_LINE + b"Content-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
CONNECTIONS = 200
MANY = 9_500
"""More than one worker has places for."""
ELSEWHERE = "127.0.0.2"
"""Where those come from who shall not be taken for the healthy ones."""
WRONG_TOKENS_A_SECOND = 500
TOKENS_A_MINUTE = 1_200
"""How often one client may ask of one worker there: more than who is healthy asks, less than who guesses."""
LEAVERS_OPEN = 100
TOGETHER = 2_000
ONE_WORD, WORDS = b'{"role":"user","content":"%b"}' % (b"x" * 40), 13_000
"""In as many as a megabyte holds, joining them one by one would take longest."""
HALF_A_GREETING = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
LONG = (b"/", b"/static/chat.js", b"/openapi.json")
CUT_SECONDS = 3.0
_FAILED = re.compile(rb'chat_requests_total\{ended_by="(?:upstream|us)"[^}]*\} ([0-9.]+)')


def pipelined(port: int, until: float) -> None:
    """One connection, on which requests come one behind the other without a pause."""
    flooding(port, until, b"", (b"GET /healthz HTTP/1.1\r\n" + HOST_LINE + b"\r\n") * 300)


def one_byte_chunks(port: int, until: float) -> None:
    """A body in chunks of one byte."""
    flooding(port, until, CHUNKED, b"1\r\n \r\n" * 2000)


def long_extensions(port: int, until: float) -> None:
    """A chunk whose extension does not end."""
    flooding(port, until, CHUNKED, b"1;" + b"x" * 65536)


def long_trailers(port: int, until: float) -> None:
    """Header lines behind the last chunk, without an end."""
    flooding(port, until, CHUNKED + b"2\r\n{}\r\n0\r\n", b"X-Trailer: 1\r\n" * 5000)


def refused_and_going_on(port: int, until: float) -> None:
    """A body that goes on after its 413."""
    flooding(port, until, HEAD + b"Content-Length: 100000000000\r\n\r\n", b"x" * 65536)


def nowhere_and_going_on(port: int, until: float) -> None:
    """A body that goes on after its 404."""
    flooding(port, until, CHUNKED.replace(b"/chat", b"/none"), b"FFFF\r\n" + b"x" * 65535 + b"\r\n")


def huge_heads(port: int, until: float) -> None:
    """Heads of 98 headers, 8 KB each, one behind the other."""
    flooding(port, until, b"GET / HTTP/1.1\r\n", (b"X-Header: " + b"x" * 8000 + b"\r\n") * 98)


def expecting(port: int, until: float) -> None:
    """Requests that want to be told to go on, one behind the other, without waiting for it."""
    flooding(port, until, b"", (HEAD + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}") * 100)


def one_word_questions(port: int, until: float) -> None:
    """Conversations of as many questions in a row as a body holds, one conversation behind the other."""
    asked = b'{"max_tokens":0,"messages":[%b]}' % b",".join([ONE_WORD] * WORDS)
    flooding(port, until, b"", HEAD + b"Content-Length: %d\r\n\r\n" % len(asked) + asked)


def connecting(port: int, until: float) -> None:
    """Connections that are opened and closed without a pause, each with one request."""
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            closed([opened(port, b"GET /healthz HTTP/1.0\r\n" + HOST_LINE + b"\r\n", ELSEWHERE)])


def trickling(port: int, until: float) -> int:
    """Many bodies of which a byte comes now and then."""
    socks = [opened(port, HEAD + b"Content-Length: 1000\r\n\r\n") for _ in range(CONNECTIONS)]
    while time.monotonic() < until:
        for sock in socks:
            with contextlib.suppress(OSError):
                sock.send(b" ")
        time.sleep(0.5)
    return silent(socks)


def unfinished(port: int, until: float) -> int:
    """More heads that never end than there are places: those must make room who came first."""
    return _half(port, until, b"GET / HTTP/1.1\r\nX: ")


def leaving_together(port: int, until: float) -> None:
    """Many who begin a request, and all leave it at one moment; and again."""
    raise_descriptor_limit()
    while time.monotonic() < until:
        socks = [opened(port, b"GET / HTTP/1.1\r\nX: ", ELSEWHERE) for _ in range(TOGETHER)]
        time.sleep(0.3)
        closed(socks)


def handshakes(port: int, until: float) -> int:
    """As unfinished heads, but that it is TLS's greeting that never ends."""
    return _half(port, until, HALF_A_GREETING)


def taking_nothing(port: int, until: float) -> int:
    """Many who ask for what is long again and again, and read none of it."""
    asked = [b"GET " + path + b" HTTP/1.1\r\n" + HOST_LINE + b"\r\n" for path in LONG]
    socks = [opened(port, asked[number % len(asked)] * 500) for number in range(20)]
    time.sleep(max(0.0, until - time.monotonic()))
    unended = uncut(socks, CUT_SECONDS)
    closed(socks)
    return unended


def leaving(port: int, until: float) -> int:
    """Many who ask and leave at any moment; returns how many of them are taken for another's failure."""
    failed = _failures(port)
    asked = [request("mock", prompt, SSE) for prompt in (SHORT, *PHASES)]
    socks: list[socket.socket] = []
    for number in itertools.count():
        if time.monotonic() > until:
            break
        socks.append(opened(port, asked[number % len(asked)], ELSEWHERE))
        if len(socks) > LEAVERS_OPEN:
            socks.pop(random.randrange(LEAVERS_OPEN)).close()
    closed(socks)
    time.sleep(1)
    return _failures(port) - failed


def wrong_tokens(port: int, until: float) -> int:
    """Guess the token; returns how many guesses were heard that came too soon after others."""
    asked = HEAD + b"Authorization: Bearer %016d\r\nContent-Length: 2\r\n\r\n{}"
    said = b""
    with opened(port, b"", ELSEWHERE) as sock:
        for number in itertools.count():
            if time.monotonic() > until:
                break
            sock.send(asked % number)
            time.sleep(1 / WRONG_TOKENS_A_SECOND)
            with contextlib.suppress(BlockingIOError):
                said += sock.recv(1_000_000)
    return max(0, said.count(b"HTTP/1.1 401 ") - TOKENS_A_MINUTE)


def logged(port: int, until: float) -> None:
    """Requests that leave a line in the log, one behind the other."""
    flooding(port, until, b"", (b"GET /none HTTP/1.1\r\n" + HOST_LINE + b"\r\n") * 300)


def _half(port: int, until: float, first: bytes) -> int:
    raise_descriptor_limit()
    socks = [opened(port, first, ELSEWHERE) for _ in range(MANY)]
    time.sleep(max(0.0, until - time.monotonic()))
    return silent(socks[: MANY // 100])


def _failures(port: int) -> int:
    asked = b"GET /metrics HTTP/1.1\r\nConnection: close\r\n" + HOST_LINE + b"\r\n"
    return round(sum(map(float, _FAILED.findall(fetched(port, asked)))))
