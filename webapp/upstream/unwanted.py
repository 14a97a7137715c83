"""What the SDK gets to see of a response that is no answer: the beginning of its body, and no way elsewhere.

The SDK reads such a body whole, decodes it as it says it is encoded, and follows redirects with the question
in its hands. None of that is the model's to decide.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final, cast

import httpx2

ERROR_BODY_BYTES = 64 * 1024
MOST_REDIRECTS = 3
_GZIP = b"\x1f"
_GZIP_BITS = 31


def tame(response: httpx2.Response) -> None:
    """Take from a response what could harm; a hook of httpx2's, called before the body is read."""
    if response.status_code == httpx2.codes.OK:
        return
    response.stream = _Beginning(cast(httpx2.SyncByteStream, response.stream))
    # Not compressed, as it was asked for; if it is all the same, _Beginning sees it.
    response.headers.pop("content-encoding", None)
    response.headers["content-type"] = "application/json; charset=utf-8"
    if "location" in response.headers and not _may_follow(response):
        del response.headers["location"]


HOOKS: Final[dict[str, list[Any]]] = {"response": [tame]}
"""What each client that the SDK works with is made with."""


def _may_follow(response: httpx2.Response) -> bool:
    """Whether a redirect stays where the question was sent to, and is one of few."""
    asked = response.request
    turns = asked.extensions["redirects"] = asked.extensions.get("redirects", 0) + 1
    with suppress(httpx2.InvalidURL, ValueError):
        url = asked.url.join(response.headers["location"])
        is_secured = url.scheme == "https" and asked.url.scheme == "http"
        is_same = (url.scheme, url.port) == (asked.url.scheme, asked.url.port)
        return turns <= MOST_REDIRECTS and url.host == asked.url.host and (is_same or is_secured)
    return False


class _Beginning(httpx2.SyncByteStream):
    """The first ERROR_BODY_BYTES of a body, after which it is closed; unfolded, if gzip folded it."""

    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        left = ERROR_BODY_BYTES
        for data in _unfolded(iter(self._stream)):
            yield data[:left]
            left -= len(data)
            if left <= 0:
                return

    def close(self) -> None:
        self._stream.close()


def _unfolded(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Unfold what begins as gzip does, up to ERROR_BODY_BYTES; no JSON begins so."""
    first = next(parts, b"")
    if not first.startswith(_GZIP):
        yield first
        yield from parts
        return
    unzip = zlib.decompressobj(_GZIP_BITS)
    with suppress(zlib.error):
        yield unzip.decompress(first, ERROR_BODY_BYTES)
        for data in parts:
            yield unzip.decompress(unzip.unconsumed_tail + data, ERROR_BODY_BYTES)
