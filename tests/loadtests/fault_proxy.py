"""Stands between users and the app and does one thing wrong, on the bytes of real processes."""

import contextlib
import itertools
import socket
import threading
import time
from collections.abc import Callable
from typing import Self

DELTA, END, TEXT = b'"type":"delta"', b'"type":"done"', b'"text":"'

Pass = Callable[[bytes], bytes]
"""Takes what came from the app, and returns what goes on; it may keep some for later."""
Fault = Callable[[], Pass]
"""Makes one for each connection; answers follow one another on it."""


def none() -> Pass:
    return lambda data: data


def buffering(tokens: int) -> Fault:
    def fault() -> Pass:
        held = b""

        def through(data: bytes) -> bytes:
            nonlocal held
            held += data
            if DELTA in held and END not in held and held.count(DELTA) < tokens:
                return b""
            out, held = held, b""
            return out

        return through

    return fault


def late_first_token(seconds: float) -> Fault:
    def fault() -> Pass:
        is_first = True

        def through(data: bytes) -> bytes:
            nonlocal is_first
            if is_first and DELTA in data:
                time.sleep(seconds)
                is_first = False
            is_first = is_first or END in data
            return data

        return through

    return fault


def wrong_byte(answers: int) -> Fault:
    """In one answer: the first text behind so many whole answers."""
    ended, is_done = itertools.count(1), False

    def fault() -> Pass:
        is_due = False

        def through(data: bytes) -> bytes:
            nonlocal is_due, is_done
            if is_due and not is_done and TEXT in data:
                is_done = True
                before, text, after = data.partition(TEXT)
                data = before + text + b"#" + after[1:]
            is_due = is_due or (END in data and next(ended) >= answers)
            return data

        return through

    return fault


def hanging(every: int) -> Fault:
    """Each `every`th connection keeps its first end for itself, and all that comes behind it."""
    connections = itertools.count(1)

    def fault() -> Pass:
        hangs, is_silent = next(connections) % every == 0, False

        def through(data: bytes) -> bytes:
            nonlocal is_silent
            is_silent = is_silent or (hangs and END in data)
            return b"" if is_silent else data

        return through

    return fault


class FaultProxy:
    """`with FaultProxy(port, fault) as proxy: proxy.url`. One that is `heedless` reads on for who has gone."""

    def __init__(self, port: int, fault: Fault, *, heedless: bool = False) -> None:
        self._port, self._fault, self._heedless = port, fault, heedless
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for sock in (self._listener, *self._sockets):
            _shut(sock)
            sock.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                app = socket.create_connection(("127.0.0.1", self._port))
                self._sockets += [client, app]
                for each in (client, app):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._up, args=(client, app), daemon=True).start()
                threading.Thread(target=self._down, args=(app, client), daemon=True).start()

    def _up(self, client: socket.socket, app: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65_536):
                app.sendall(data)
        if not self._heedless:
            _shut(app)

    def _down(self, app: socket.socket, client: socket.socket) -> None:
        through = self._fault()
        with contextlib.suppress(OSError):
            while data := app.recv(65_536):
                # A heedless one reads on, whoever is there.
                with contextlib.suppress(OSError) if self._heedless else contextlib.nullcontext():
                    client.sendall(through(data))
        _shut(client)


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
