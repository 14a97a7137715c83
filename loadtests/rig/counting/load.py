"""What the counting client is asked for, and what it says of the run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ClientMode = Literal["asleep", "awake"]
"""What the client does while nothing comes.

To wake a core that sleeps costs the sender, under a hypervisor as much as the rest of its sending. With a
client that sleeps each stack pays that with each token, with one that stays awake none does. Neither is what
a network does, so that both are measured.
"""

ANSWER_END = b"\r\n0\r\n\r\n"
"""With the end of the chunk before it: a header may well end in 0."""


@dataclass(frozen=True)
class Load:
    """What to ask for, how often, and how to count what comes."""

    port: int
    request: str
    streams: int
    tokens: int
    word: str
    """Comes once with each token."""
    ramp_seconds: float
    expected_seconds: float
    client: ClientMode
    arrivals: tuple[float, ...] = ()
    """When each stream is to begin, in seconds after the start; without them evenly over the ramp."""
    patience_seconds: float = 120.0
    """For what has not ended when all was expected to have."""


@dataclass(frozen=True)
class Answer:
    """A whole one: due and sent in seconds after the start, first token and end in seconds after `sent`."""

    due: float
    sent: float
    first: float
    total: float


@dataclass(frozen=True)
class Mark:
    """A moment in the run (monotonic seconds), and how many tokens had come by then.

    "open": all streams have begun. "closing": the first has but one token to come, or has ended.
    """

    at: Literal["open", "closing"]
    tokens: int
    seconds: float


@dataclass
class Outcome:
    """How the streams went, times in seconds. Only whole answers have times."""

    answers: list[Answer] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    tokens: int = 0
    reads: int = 0
    """Those that brought tokens."""
    busy_share: float = 0.0
    """The part of the time that the client worked, waiting left out, asleep or not."""

    @property
    def first_tokens(self) -> list[float]:
        return [answer.first for answer in self.answers]

    @property
    def totals(self) -> list[float]:
        return [answer.total for answer in self.answers]
