"""An upstream that stops in the phase that its prompt names, and notes when its client goes."""

from __future__ import annotations

import json
import queue
import threading
import time
from typing import Self

from tests.conftest import MS
from tests.webapp.scripted_upstream import CHUNKED, DONE, LAST_CHUNK, ScriptedUpstream, Talk, chunk

BEFORE_HEADERS = "before its headers"
BEFORE_FIRST_TOKEN = "before its first token"
BETWEEN_TOKENS = "between two tokens"
STALLED = "stalled"
PHASES = (BEFORE_HEADERS, BEFORE_FIRST_TOKEN, BETWEEN_TOKENS, STALLED)
FLOODING = "flooding"
"""As many tokens as the connection takes."""

PATIENCE_SECONDS = 10.0


def token(text: str) -> bytes:
    frame = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
    return chunk(b"data: " + json.dumps(frame).encode() + b"\n\n")


FINISH = chunk(b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n' + DONE) + LAST_CHUNK
PAGE = token("x" * 16_000)


class PhasedUpstream(ScriptedUpstream):
    """Holds each answer in its phase until `let_go` or until the client has gone."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.reached: queue.Queue[str] = queue.Queue()
        self.left: queue.Queue[float] = queue.Queue()
        self._go_on = threading.Event()

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    def begin_test(self) -> None:
        self._go_on.clear()
        self.reached, self.left = queue.Queue(), queue.Queue()

    def let_go(self) -> None:
        self._go_on.set()

    def left_at(self) -> float:
        """When the client of an answer has gone. Raises queue.Empty if none does."""
        return self.left.get(timeout=PATIENCE_SECONDS)

    def _answer(self, talk: Talk) -> None:
        phase = json.loads(talk.request.partition(b"\r\n\r\n")[2])["messages"][-1]["content"]
        if phase != BEFORE_HEADERS:
            talk.send(CHUNKED)
        if phase in (BETWEEN_TOKENS, STALLED):
            talk.send(token("Hel"))
        self.reached.put(phase)
        try:
            gone = self._held(talk, phase)
        except OSError:
            gone = True
        if gone:
            self.left.put(time.monotonic())
            talk.close()
            return
        if phase == BEFORE_HEADERS:
            talk.send(CHUNKED)
        talk.send(token("lo") + FINISH)

    def _held(self, talk: Talk, phase: str) -> bool:
        """Whether the client went before the answer was let go."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and not self._go_on.is_set() and not self.closing.is_set():
            if phase == FLOODING:
                talk.send(PAGE)
            elif talk.gone(within=5 * MS):
                return True
            elif phase == BETWEEN_TOKENS:
                talk.send(token("l"))
        return False
