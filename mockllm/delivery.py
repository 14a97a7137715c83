"""What became of one reply, for those who count and record: the actual times beside the planned."""

from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["sending", "complete", "cut", "client_gone"]


@dataclass(slots=True)
class Delivery:
    """The times are of the monotonic clock, one for each token in order of its index."""

    started: float
    outcome: Outcome = "sending"
    token_times: list[float] = field(default_factory=list)
