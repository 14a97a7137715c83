"""Sends to writes: what leaves together, framed for the wire, a few at a time. Pure."""

import itertools
from collections.abc import Iterable, Iterator

from mockllm.values import Send

_MOST_JOINED_BYTES = 16_384

Write = tuple[float, bytes, int]
"""One write: its due time on the monotonic clock, its bytes, and how many tokens are in them."""


def writes_of(sends: Iterable[Send], started: float, *, chunked: bool) -> Iterator[Write]:
    """Join neighbours of the very same due time, and frame them for the wire."""
    joined, joined_due, tokens = b"", 0.0, 0
    for due, data, token in sends:
        if joined:
            if due == joined_due and len(joined) < _MOST_JOINED_BYTES:
                joined += data
                tokens += token is not None
                continue
            yield started + joined_due, _framed(joined) if chunked else joined, tokens
        joined, joined_due, tokens = data, due, 0 if token is None else 1
    if joined:
        yield started + joined_due, _framed(joined) if chunked else joined, tokens


def in_blocks(writes: Iterator[Write], size: int, first: int) -> Iterator[list[Write]]:
    """Make so many at a time: one by one, each would find cold caches, which is a quarter of its cost.

    The first block has a size of its own: streams that begin together would otherwise all make theirs in the
    same moment, and the tokens due then would wait for a hundred blocks.
    """
    block = list(itertools.islice(writes, first))
    while block:
        yield block
        block = list(itertools.islice(writes, size))


def _framed(data: bytes) -> bytes:
    return b"%X\r\n%b\r\n" % (len(data), data)
