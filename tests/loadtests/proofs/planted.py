"""Answers as a proof would have received them, right or with a planted error."""

from __future__ import annotations

import json
import socket

from loadtests.rig import SSE, WORD, Stream

TEXT = WORD * 20


def answer(
    text: str = TEXT,
    *,
    finish_reason: str = "stop",
    status: int = 200,
    cut: bool = False,
    terminals: int = 1,
    ttft: float = 0.1,
    total: float = 0.5,
    nothing: bool = False,
) -> Stream:
    """An answer that began and ended so long after it was asked for; `nothing` is one that never came."""
    stream = Stream(_closed(), SSE, asked_at=100.0)
    if nothing:
        return stream
    items: list[dict[str, object]] = [{"type": "start"}, {"type": "delta", "text": text}]
    items += [{"type": "done", "finish_reason": finish_reason}] * terminals
    body = b"".join(b"data: " + json.dumps(item).encode() + b"\n\n" for item in items[: 2 if cut else None])
    stream.response.feed(
        b"HTTP/1.1 %d X\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (status, len(body), body)
    )
    if not cut:
        stream.response.feed(b"0\r\n\r\n")
    stream.first_text_at, stream.ended_at = 100.0 + ttft, 100.0 + total
    return stream


def _closed() -> socket.socket:
    sock = socket.socket()
    sock.close()
    return sock
