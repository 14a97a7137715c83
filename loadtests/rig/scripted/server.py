"""An upstream of plain sockets that does to its client, byte for byte, what a script tells it to."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from typing import Any, Self

from loadtests.rig.ports import HOST, RESET
from loadtests.rig.scripted.wire import Ending, Step


class Talk:
    """One request on one connection, and what can be done about it."""

    def __init__(self, upstream: ScriptedUpstream, sock: socket.socket, request: bytes) -> None:
        self.request = request
        self.is_over = False
        """Whether nothing more is read on this connection."""
        self._sock = sock
        self._upstream = upstream

    @property
    def path(self) -> str:
        return self.request.split(b" ", 2)[1].decode()

    @property
    def headers(self) -> dict[str, str]:
        """By their names in lower case."""
        lines = self.request.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @property
    def body(self) -> Any:
        """What the request's JSON says; None without a body."""
        return json.loads(self.request.partition(b"\r\n\r\n")[2] or b"null")

    def take(self, step: Step) -> None:
        match step:
            case bytes():
                self.send(step)
            case float():
                self.wait(step)
            case Ending.RESET:
                self.reset()
            case Ending.CLOSE:
                self.close()

    def send(self, data: bytes) -> None:
        self._sock.sendall(data)

    def close(self) -> None:
        # A next request may be there already: its sender sees the end before any byte, and asks anew.
        self.is_over = True
        self._sock.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
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


Script = Callable[[Talk], Iterable[Step] | None]
"""Answers a request: with the steps to take, or by itself."""


def plays(*steps: Step) -> Script:
    """Whatever is asked for."""
    return lambda _: steps


class ScriptedUpstream:
    """Serves each request with the script; counts requests and connections."""

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self.script = script
        self._tls = tls
        self.requests: list[bytes] = []
        self.connections = 0
        self.closing = threading.Event()
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self.origin = f"http://{HOST}:{self.port}"
        self.url = f"{self.origin}/v1"
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        # shutdown wakes the threads that wait in accept and recv; close alone does not.
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
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections += 1
                self._sockets.append(sock)
                self._threads.append(threading.Thread(target=self._serve, args=(sock,)))
                self._threads[-1].start()

    def _serve(self, sock: socket.socket) -> None:
        with sock, contextlib.suppress(OSError), self._secured(sock) as sock:
            talk: Talk | None = None
            while not (talk and talk.is_over) and (request := _read_request(sock)):
                self.requests.append(request)
                talk = Talk(self, sock, request)
                for step in self.script(talk) or ():
                    talk.take(step)

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
