"""What the relay is given of an answer, and what it notes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from webapp.chat import Done, Failure, OverlapTrimmer, Usage
from webapp.upstream import Chunk


class Answer(Protocol):
    """An upstream's answer while it is written."""

    @property
    def dropped_messages(self) -> int:
        """How many of the oldest messages the model was not sent: known when the first chunk is."""

    def read(self, timeout: float) -> list[Chunk] | None:
        """Wait up to `timeout` seconds for chunks: those that came, None if none did, [] at the end.

        Raises ChatError.
        """

    def release(self) -> None:
        """Say that the answer is whole: what it came over may serve another."""


class Control(Protocol):
    """Who may end the answer early."""

    interruption: str | None
    """Why the answer must end as soon as it can, or None."""


@dataclass(frozen=True)
class Limits:
    """How long what may take, in seconds; what is infinite has no limit."""

    heartbeat_seconds: float
    first_token_seconds: float
    token_seconds: float
    total_seconds: float
    deadline_seconds: float = math.inf
    """After which the answer is interrupted, to be continued: the host would cut it soon after."""
    poll_seconds: float = math.inf
    """How often to look for an interruption where nothing can break the wait for the upstream."""
    shows_reasoning: bool = True
    """Whether the thinking is passed on, or only told that there is some."""


@dataclass(frozen=True)
class Request:
    """What the relay must know of the request that it answers."""

    id: str
    received_at: float
    """On the relay's clock, in seconds."""
    trimmer: OverlapTrimmer | None = None
    """Leaves out what a continuation repeats."""


@dataclass
class Progress:
    """What has passed of an answer so far."""

    deltas: int = 0
    reasoning_bytes: int = 0
    """Of UTF-8, passed on or kept back."""
    heartbeats: int = 0
    first_delta_at: float | None = None
    """On the relay's clock, in seconds."""
    finish_reason: str | None = None
    """What the upstream said last, in its own word where that ends no whole answer."""
    usage: Usage | None = None
    """What the upstream said last of it."""
    last_word: Done | Failure | None = None
