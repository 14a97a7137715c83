"""Each fault is a small function that changes a reply, in one table by the name of what the client sees."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from mockllm.plan import Reply

_FAULT = re.compile(r"([a-z_]+)(?:@(\d{1,6})(?:\.(\d{1,6}))?)?")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and where it strikes: at a token, counted from 0, and at a byte of that token's event."""

    name: str
    token: int = 0
    byte: int = 0


def noop(reply: Reply, _fault: Fault) -> Reply:
    """Change nothing: the template of a fault."""
    return reply


FAULTS: dict[str, Callable[[Reply, Fault], Reply]] = {
    "noop": noop,
}


def parse_fault(text: str) -> Fault:
    """Read `name`, `name@token` or `name@token.byte`.

    Raises ValueError, with a sentence that lists the known names, for anything else.
    """
    match = _FAULT.fullmatch(text)
    if not match or match[1] not in FAULTS:
        raise ValueError(
            f"{text!r} is not a fault; expected name, name@token or name@token.byte, "
            f"with one of the names {', '.join(sorted(FAULTS))}"
        )
    return Fault(match[1], int(match[2] or 0), int(match[3] or 0))


def apply(fault: Fault | None, reply: Reply) -> Reply:
    return FAULTS[fault.name](reply, fault) if fault else reply
