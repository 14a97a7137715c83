"""What became of one reply, for those who count and record: the actual times beside the planned."""

from array import array
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["sending", "complete", "cut", "client_gone"]


def _times() -> "array[float]":
    # Eight bytes a time: an endless stream has many.
    return array("d")


@dataclass(slots=True)
class Delivery:
    """The times are of the monotonic clock; tokens that share a write share one pair of times."""

    started: float
    outcome: Outcome = "sending"
    head_sent: bool = False
    due_times: "array[float]" = field(default_factory=_times)
    token_times: "array[float]" = field(default_factory=_times)
