"""All attacks by name, as processes: NAME PORT SECONDS are the arguments of one.

That prints how many of its connections should have been ended, and were not.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from loadtests.proofs.attacks import callers
from loadtests.proofs.attacks.asking import Asking
from loadtests.proofs.attacks.connections import WEAKEST
from loadtests.proofs.attacks.hostile_answers import ANSWERS

Attack = Callable[[int, float], int | None]
"""Attacks the app on a port until a moment (monotonic seconds)."""

WHOLE_ALL_THE_SAME = {"zeros-after-the-end", "boundless-usage"}
"""Answers that harm, and yet are whole."""

BY_CALLERS: dict[str, Attack] = {
    "pipelined": callers.pipelined,
    "one-byte-chunks": callers.one_byte_chunks,
    "long-extensions": callers.long_extensions,
    "long-trailers": callers.long_trailers,
    "refused-and-going-on": callers.refused_and_going_on,
    "nowhere-and-going-on": callers.nowhere_and_going_on,
    "huge-heads": callers.huge_heads,
    "expecting": callers.expecting,
    "connecting": callers.connecting,
    "trickling": callers.trickling,
    "unfinished": callers.unfinished,
    "taking-nothing": callers.taking_nothing,
    "leaving": callers.leaving,
    "leaving-together": callers.leaving_together,
    "one-word-questions": callers.one_word_questions,
}
BY_UPSTREAMS: dict[str, Attack] = {
    name: Asking(name, spoiled=name not in WHOLE_ALL_THE_SAME) for name in ANSWERS
}
ON_GROUNDS_OF_THEIR_OWN: dict[str, Attack] = {
    "wrong-tokens": callers.wrong_tokens,
    "logged": callers.logged,
    "handshakes": callers.handshakes,
}
ATTACKS = {**BY_CALLERS, **BY_UPSTREAMS, **ON_GROUNDS_OF_THEIR_OWN}


def main() -> None:
    """Attack as the arguments say."""
    os.nice(WEAKEST)
    unended = ATTACKS[sys.argv[1]](int(sys.argv[2]), time.monotonic() + float(sys.argv[3]))
    sys.stdout.write(f"{unended or 0}\n")
