"""A tiny HTTP server on a plain socket that sends exactly the bytes it is told, when it is told."""

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Self


class Ending(Enum):
    CLOSE = "FIN"
    RESET = "RST"


# Bytes to send, seconds to wait, or how to end the connection.
Step = bytes | float | Ending


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: Any


class ScriptedServer:
    """Answers each request with the steps that `script` gives for it."""

    def __init__(self, script: Callable[[Request], Iterable[Step]]) -> None:
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # shutdown wakes the threads that wait in accept and recv; close alone does not.
        for sock in (self._listener, *self.connections):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as incoming:
            while request := _read_request(incoming):
                for step in self._script(request):
                    if not _take(step, connection):
                        return


def _read_request(incoming: Any) -> Request | None:
    path = incoming.readline().decode().partition(" ")[2].partition(" ")[0]
    headers = {}
    while (line := incoming.readline().decode().strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = incoming.read(int(headers.get("content-length", "0")))
    return Request(path, headers, json.loads(body or "null")) if path else None


def _take(step: Step, connection: socket.socket) -> bool:
    """Whether the connection is still open after this step."""
    match step:
        case bytes():
            connection.sendall(step)
        case float():
            threading.Event().wait(step)
        case Ending.RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        case Ending.CLOSE:
            return False
    return True


def whole(body: object, status: str = "200 OK") -> bytes:
    """A response of known length."""
    data = json.dumps(body).encode()
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(data), data)


def chunked(steps: Iterable[Step]) -> Iterable[Step]:
    """A response of HTTP chunks, one for each bytes among the steps, with the last chunk unless the steps end it."""
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    for step in steps:
        yield b"%x\r\n%s\r\n" % (len(step), step) if isinstance(step, bytes) else step
    yield b"0\r\n\r\n"


def until_closed(steps: Iterable[Step]) -> Iterable[Step]:
    """A response whose body ends with the connection."""
    yield b"HTTP/1.0 200 OK\r\n\r\n"
    yield from steps
    yield Ending.CLOSE


def event(item: object) -> bytes:
    return b"data: " + json.dumps(item, ensure_ascii=False).encode() + b"\n\n"
