"""A fault as a value, and where in a reply it strikes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mockllm.values import Reply, Send


@dataclass(frozen=True, slots=True)
class Fault:
    """What was asked for: without a `token` it strikes at the beginning of the body, or everywhere.

    Tokens and bytes count from 0, bytes within the event of the token. The unit of `amount` is the fault's
    own, and `text` is what it says. With `times` only so many attempts of a request are struck.
    """

    name: str
    token: int | None = None
    byte: int | None = None
    amount: int = 0
    times: int | None = None
    text: str = ""

    def __str__(self) -> str:
        position = (
            ""
            if self.token is None
            else f"@{self.token}" + (f".{self.byte}" if self.byte is not None else "")
        )
        amount = f":{self.amount}" if self.amount else ""
        times = "" if self.times is None else f"*{self.times}"
        said = f"={self.text}" if self.text else ""
        return f"{self.name}{amount}{position}{times}{said}"

    @property
    def seconds(self) -> float:
        """The amount of a fault that counts in milliseconds."""
        return self.amount / 1000


Place = Literal["none", "token", "byte"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the table of faults: the function, and what may follow its name.

    The function raises ApiError if the fault is a refusal.
    """

    change: Callable[[Reply, Fault], Reply]
    place: Place = "none"
    amount: int | None = None
    speaks: bool = False


def is_streamed(reply: Reply) -> bool:
    return reply.length is None


def parted(reply: Reply, fault: Fault) -> tuple[list[Send], list[Send]]:
    """Part the body into what leaves before the fault strikes and the rest, which begins where it strikes.

    An unstreamed body is struck whatever the token; a fault at a token that never comes strikes at the end.
    """
    sends = list(reply.sends)
    for index, send in enumerate(sends):
        if is_struck(reply, fault, send):
            return sends[:index], sends[index:]
    return sends, []


def is_struck(reply: Reply, fault: Fault, send: Send) -> bool:
    """Whether this is, or comes after, what the fault strikes."""
    if fault.token is None or not is_streamed(reply):
        return True
    return send.token is not None and send.token >= fault.token
