"""A caller in league with the upstream: it asks for what that does worst, many times at once."""

from __future__ import annotations

import itertools
import socket
import time
from concurrent.futures import ThreadPoolExecutor

from loadtests.rig import HOST, JSON, SSE, request

ASKERS = 10
LIMIT_SECONDS = 3
"""The limits on silence, and on a body, of the app that is attacked."""
ENDED_SECONDS = 2 * LIMIT_SECONDS + 1.0
"""After which an answer must have ended: silence before the first token, and after it."""
MARK = "canary4711"
"""What is in each question, and shall be in no line of the log."""
FOLLOWED = b'"finish_reason":"stop"'


class Asking:
    """The questions of one attack. `spoiled`: whether none of them may get a whole answer."""

    def __init__(self, name: str, *, spoiled: bool) -> None:
        self._name = name
        self._spoiled = spoiled
        self._numbers = itertools.count(1)

    def __call__(self, port: int, until: float) -> int:
        """Return how many answers have not ended in time, or were whole and should not have been."""
        with ThreadPoolExecutor(ASKERS) as askers:
            accepts = [(SSE, JSON)[number % 2] for number in range(ASKERS)]
            return sum(askers.map(lambda accept: self._ask_on(port, until, accept), accepts))

    def _ask_on(self, port: int, until: float, accept: str) -> int:
        unended = 0
        while time.monotonic() < until:
            prompt = f"hostile {self._name} #{next(self._numbers)} {MARK}"
            unended += not self._is_ended(port, request("mock", prompt, accept, "Connection: close\r\n"))
        return unended

    def _is_ended(self, port: int, asked: bytes) -> bool:
        until, received = time.monotonic() + ENDED_SECONDS, b""
        try:
            with socket.create_connection((HOST, port), ENDED_SECONDS) as sock:
                sock.sendall(asked)
                while data := sock.recv(65536):
                    received = received[-65536:] + data
                    if time.monotonic() > until:
                        return False
        except TimeoutError:
            return False
        except ConnectionError:
            return True
        return not (self._spoiled and FOLLOWED in received)
