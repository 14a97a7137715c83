"""What an upstream sends that means no good, at full force, to whoever asked for it by name."""

from __future__ import annotations

import json
import socket
import time
import zlib
from collections import Counter
from collections.abc import Callable
from functools import cache

from loadtests.rig import HEAD, LAST_CHUNK, TOKEN, chunk, delta_event, ending, framed

Answer = Callable[[socket.socket, int], None]
"""Sends to a connection, for the question of that number, until it has done its worst or nobody takes it."""

SILENT_SECONDS = 30.0
ZEROS_SECONDS = 3.05
"""A little longer than the limit on silence of the app that is attacked."""
MOST_REDIRECTS = 5
BOMB_BYTES = 100_000_000
COSTLY_BYTES = 900_000
"""Of one event: a little less than is taken."""
REFUSAL = b"HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n"
REDIRECT = (
    b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /v1/chat/completions\r\nConnection: close\r\n%b\r\n\r\n"
)
ZIPPED = HEAD.replace(b"Cache-Control: no-cache", b"Content-Encoding: gzip")
BOUNDLESS = dict.fromkeys(("prompt_tokens", "completion_tokens", "total_tokens"), 9 * 10**18)
_asked: Counter[int] = Counter()


def endless(first: bytes, again: bytes) -> Answer:
    """Something, and then something else without an end."""

    def send(sock: socket.socket, _number: int) -> None:
        sock.sendall(first)
        while True:
            sock.sendall(again)

    return send


def zeros_for_a_size(sock: socket.socket, _number: int) -> None:
    """The size of a chunk that begins with zeros for a while; then silence."""
    until = time.monotonic() + ZEROS_SECONDS
    sock.sendall(HEAD)
    while time.monotonic() < until:
        sock.sendall(b"0" * 100)
    time.sleep(SILENT_SECONDS)


def redirects(sock: socket.socket, number: int) -> None:
    """A redirect to where it was asked, some times; then the answer that nobody should have waited for."""
    _asked[number] += 1
    if _asked[number] <= MOST_REDIRECTS:
        sock.sendall(REDIRECT % b"Content-Length: 0")
    else:
        sock.sendall(HEAD + TOKEN + ending(1, False))


def bomb(again: bytes) -> Answer:
    """Much of it, compressed."""

    def send(sock: socket.socket, _number: int) -> None:
        sock.sendall(ZIPPED + chunk(_zipped(again)) + LAST_CHUNK)

    return send


@cache
def _zipped(again: bytes) -> bytes:
    return zlib.compress(again * (BOMB_BYTES // len(again)))


def with_usage(usage: object) -> Answer:
    """A whole answer that says what it has cost."""
    told = framed(json.dumps({"choices": [], "usage": usage})) + framed("[DONE]") + LAST_CHUNK

    def send(sock: socket.socket, _number: int) -> None:
        sock.sendall(HEAD + TOKEN + delta_event({}, "stop") + told)

    return send


def odd(field: str) -> str:
    """A chunk of one word, and a field that nobody knows."""
    return f'{{"choices":[{{"index":0,"delta":{{"content":"x"}}}}],"x":{field}}}'


ANSWERS: dict[str, Answer] = {
    "zeros-for-a-size": zeros_for_a_size,
    "zeros-after-the-end": endless(HEAD + TOKEN + ending(1, False).removesuffix(LAST_CHUNK), b"0" * 10_000),
    "endless-error": endless(REFUSAL, chunk(b"x" * 65_536)),
    "endless-redirect": endless(REDIRECT % b"Transfer-Encoding: chunked", chunk(b"x" * 65_536)),
    "redirects": redirects,
    "endless-answer": endless(HEAD, delta_event({"content": "x" * 10_000}) * 10),
    "endless-object": endless(HEAD + chunk(b'{"choices":"'), chunk(b"x" * 65_536)),
    "endless-objects": endless(HEAD, chunk(b"{}\n" * 20_000)),
    "endless-line": endless(HEAD + chunk(b"data: "), chunk(b"x" * 65_536)),
    "endless-comments": endless(HEAD, chunk(b": x\n" * 15_000)),
    "endless-nothing": endless(HEAD, framed("{}") * 1000),
    "endless-head": endless(HEAD.removesuffix(b"\r\n"), b"X-Header: 1\r\n" * 1000),
    "endless-interim": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "bomb-of-nothing": bomb(b"data: {}\n\n"),
    "bomb-of-objects": bomb(b"{}\n"),
    "bomb-of-comments": bomb(b": x\n"),
    "deep": endless(HEAD, framed(odd("[" * COSTLY_BYTES))),
    "long-numbers": endless(HEAD, framed(odd("9" * COSTLY_BYTES))),
    "many-names": endless(HEAD, framed(odd("{" + '"a":1,' * (COSTLY_BYTES // 6) + '"a":"\\ud800"}'))),
    "boundless-usage": with_usage(BOUNDLESS),
}
