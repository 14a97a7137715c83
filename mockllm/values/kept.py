"""An answer that is kept, so that a later request may refer to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from mockllm.values.completion import Completion

Item = Mapping[str, Any]
"""An item as the Responses API writes it: what somebody said, a call, what came of it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """All that an answer was written from, so that it is written the same again.

    `items` is what this request added to the conversation; `previous` and `conversation` lead to what was
    said before. The times are seconds after `started`, which is of the monotonic clock.
    """

    key: str
    kind: Literal["response", "chat.completion"]
    identity: bytes
    model: str
    service_tier: str
    seed: int
    completion: Completion
    items: Sequence[Item] = ()
    output: Sequence[Item] = ()
    previous: str = ""
    conversation: str = ""
    background: bool = False
    first_due: float = 0.0
    end_due: float = 0.0
    body: bytes = b""
    started: float = 0.0
    cancelled: bool = False
    cancelled_seconds: float = 0.0
    metadata: dict[str, str] | None = field(default=None)


class Memory(Protocol):
    """Where what was kept is found again."""

    def answer(self, key: str) -> Kept | None:
        """Return a kept answer, if there is one of this name."""

    def is_pending(self, kept: Kept) -> bool:
        """Whether an answer is still on its way."""

    def item(self, key: str) -> Item | None:
        """Return an item of any kept answer."""

    def conversation(self, key: str) -> Sequence[Item] | None:
        """Return what a conversation holds so far."""
