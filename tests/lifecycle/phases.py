"""An upstream that stops in the phase that its prompt names, and notes when its client goes."""

from __future__ import annotations

import json
import queue
import threading
import time
from typing import Self

from loadtests.rig.scripted import CHUNKED, DONE, LAST_CHUNK, ScriptedUpstream, Talk, chunk
from tests.conftest import MS

BEFORE_HEADERS = "before its headers"
BEFORE_FIRST_TOKEN = "before its first token"
BETWEEN_TOKENS = "between two tokens"
STALLED = "stalled"
PHASES = (BEFORE_HEADERS, BEFORE_FIRST_TOKEN, BETWEEN_TOKENS, STALLED)
FLOODING = "flooding"
"""As many tokens as the connection takes."""
LONG = "long"
"""More than any buffer on the way holds, and then the end."""

PATIENCE_SECONDS = 10.0


def token(text: str) -> bytes:
    frame = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
    return chunk(b"data: " + json.dumps(frame).encode() + b"\n\n")


FINISH = chunk(b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n' + DONE) + LAST_CHUNK
PAGE_CHARACTERS = 16_000
PAGE = token("x" * PAGE_CHARACTERS)
LONG_PAGES = 250
LONG_CHARACTERS = LONG_PAGES * PAGE_CHARACTERS


class PhasedUpstream(ScriptedUpstream):
    """Holds each answer in its phase until `let_go` or until the client has gone."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.begin_test()

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    def begin_test(self) -> None:
        """Forget what was; an answer that outlives its test is still that one's."""
        self.reached: queue.Queue[str] = queue.Queue()
        self.left: queue.Queue[float] = queue.Queue()
        self._go_on = threading.Event()

    def let_go(self) -> None:
        self._go_on.set()

    def left_at(self) -> float:
        """When the client of an answer has gone. Raises queue.Empty if none does."""
        return self.left.get(timeout=PATIENCE_SECONDS)

    def _answer(self, talk: Talk) -> None:
        reached, left, go_on = self.reached, self.left, self._go_on
        phase = talk.body["messages"][-1]["content"]
        if phase != BEFORE_HEADERS:
            talk.send(CHUNKED)
        if phase in (BETWEEN_TOKENS, STALLED):
            talk.send(token("Hel"))
        reached.put(phase)
        try:
            gone = self._held(talk, phase, go_on)
        except OSError:
            gone = True
        if gone:
            left.put(time.monotonic())
            talk.close()
            return
        if phase == BEFORE_HEADERS:
            talk.send(CHUNKED)
        talk.send(token("lo") + FINISH)

    def _held(self, talk: Talk, phase: str, go_on: threading.Event) -> bool:
        """Whether the client went before the answer was let go."""
        if phase == LONG:
            talk.send(PAGE * LONG_PAGES)
            return False
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and not go_on.is_set() and not self.closing.is_set():
            if phase == FLOODING:
                talk.send(PAGE)
            elif talk.gone(within=5 * MS):
                return True
            elif phase == BETWEEN_TOKENS:
                talk.send(token("l"))
        return False
