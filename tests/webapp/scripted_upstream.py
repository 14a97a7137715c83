"""An upstream of plain sockets that does to its client, byte for byte, what a test tells it to."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from typing import Self

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
EVENT = b'data: {"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}\n\n'
DONE = b"data: [DONE]\n\n"
LAST_CHUNK = b"0\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def answer(body: bytes, status: bytes = b"200 OK", headers: bytes = b"") -> bytes:
    length = b"Content-Length: %d\r\n" % len(body)
    return b"HTTP/1.1 %b\r\nContent-Type: application/json\r\n%b%b\r\n%b" % (status, headers, length, body)


class Talk:
    """One request on one connection, and what can be done about it."""

    def __init__(self, upstream: ScriptedUpstream, sock: socket.socket, request: bytes) -> None:
        self.request = request
        self._sock = sock
        self._upstream = upstream

    def send(self, data: bytes) -> None:
        self._sock.sendall(data)

    def close(self) -> None:
        self._sock.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def wait(self, seconds: float) -> None:
        """Wait, unless the upstream is closed meanwhile."""
        self._upstream.closing.wait(seconds)

    def gone(self, within: float) -> bool:
        """Whether the client closes the connection within so many seconds."""
        self._sock.settimeout(within)
        try:
            return self._sock.recv(1) == b""
        except TimeoutError:
            return False
        except OSError:
            return True
        finally:
            # A client may take what is sent next as slowly as it likes, and ask again as late.
            self._sock.settimeout(None)


Script = Callable[[Talk], None]


class ScriptedUpstream:
    """Serves each request with the script; counts requests and connections."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self.script = script
        self._tls = tls
        self.requests: list[bytes] = []
        self.connections = 0
        self.closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        for sock in [self._listener, *self._sockets]:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self.connections += 1
                self._sockets.append(sock)
                self._threads.append(threading.Thread(target=self._serve, args=(sock,)))
                self._threads[-1].start()

    def _serve(self, sock: socket.socket) -> None:
        with sock, contextlib.suppress(OSError), self._secured(sock) as sock:
            while request := _read_request(sock):
                self.requests.append(request)
                self.script(Talk(self, sock, request))

    def _secured(self, sock: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(sock, server_side=True) if self._tls else sock


def _read_request(sock: socket.socket) -> bytes:
    data = b""
    while not (head := data.partition(b"\r\n\r\n"))[1]:
        if not (read := sock.recv(65536)):
            return b""
        data += read
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head[0])
    missing = int(length[1]) - len(head[2]) if length else 0
    while missing > 0 and (read := sock.recv(65536)):
        data += read
        missing -= len(read)
    return data
