"""A client of plain sockets: asks for a chat in any format, and can leave, stall and half-close as it likes."""

from __future__ import annotations

import json
import socket
import ssl
import time
from dataclasses import dataclass
from typing import Any, Self

from loadtests.rig.streams import RESET, TEXT, request


@dataclass(frozen=True)
class Reply:
    """One response: as far as it came, and whether it came to its end."""

    status: int
    headers: dict[str, str]
    body: bytes
    whole: bool

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The objects of a stream, or the one object of a blocking answer."""
        lines = [line.removeprefix(b"data: ") for line in self.body.split(b"\n")]
        return [json.loads(line) for line in lines if line.startswith(b"{")]

    @property
    def text(self) -> str:
        if self.headers["content-type"].startswith(TEXT):
            return self.body.decode(errors="replace")
        return "".join(item.get("text", "") for item in self.objects)

    @property
    def last(self) -> dict[str, Any]:
        return self.objects[-1]

    @property
    def heartbeats(self) -> int:
        return self.body.count(b": hb\n")


class ChatClient:
    """One connection."""

    def __init__(
        self, port: int, *, receive_buffer: int | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(20)
        self.received = b""
        try:
            self.sock.connect(("127.0.0.1", port))
            if tls:
                self.sock = tls.wrap_socket(self.sock, server_hostname="localhost")
        except OSError:
            self.sock.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()

    def ask(self, model: str, prompt: str = "Hi", **how: Any) -> Self:
        self.sock.sendall(request(model, prompt, **how))
        return self

    def read_until(self, mark: bytes) -> float:
        """Read until these bytes have come; returns when that was."""
        while mark not in self.received:
            data = self.sock.recv(65536)
            assert data, f"the connection ended before {mark!r} came: {self.received[-500:]!r}"
            self.received += data
        return time.monotonic()

    def reply(self) -> Reply:
        """Read to the end of the response, or of the connection. What follows it stays for the next call."""
        was_reset = False
        while (found := _parsed(self.received)) is None or not found[0].whole:
            try:
                data = self.sock.recv(65536)
            except ConnectionError:
                was_reset, data = True, b""
            if not data:
                break
            self.received += data
        assert found is not None, f"no response: {self.received!r}"
        reply, self.received = found
        return reply if reply.whole or was_reset else _ended_by_close(reply)

    def half_close(self) -> None:
        # Not TLS's own, which would forget its keys.
        socket.socket.shutdown(self.sock, socket.SHUT_WR)

    def leave(self) -> float:
        """Close the connection; returns when that was."""
        left_at = time.monotonic()
        self.sock.close()
        return left_at

    def reset(self) -> float:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        return self.leave()


def _ended_by_close(reply: Reply) -> Reply:
    """A response without a length of any kind is whole when the connection ends."""
    by_close = not {"content-length", "transfer-encoding"} & reply.headers.keys()
    return Reply(reply.status, reply.headers, reply.body, by_close)


def _parsed(data: bytes) -> tuple[Reply, bytes] | None:
    """The response at the beginning, as far as it has come, and what follows it; None before its head."""
    head, end, rest = data.partition(b"\r\n\r\n")
    if not end:
        return None
    status_line, *lines = head.decode().split("\r\n")
    status = int(status_line.split()[1])
    if status == 100:
        return _parsed(rest)
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    if headers.get("transfer-encoding") == "chunked":
        body, whole, rest = _dechunked(rest)
    elif length := headers.get("content-length"):
        body, rest, whole = rest[: int(length)], rest[int(length) :], len(rest) >= int(length)
    else:
        body, rest, whole = rest, b"", False
    return Reply(status, headers, body, whole), rest


def _dechunked(data: bytes) -> tuple[bytes, bool, bytes]:
    body = b""
    while True:
        size_line, end, rest = data.partition(b"\r\n")
        if not end:
            return body, False, b""
        size = int(size_line, 16)
        if size == 0:
            return body, rest.startswith(b"\r\n"), rest[2:]
        body += rest[:size]
        if len(rest) < size + 2:
            return body, False, b""
        data = rest[size + 2 :]
