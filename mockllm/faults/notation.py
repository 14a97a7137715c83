"""Faults as they are written: `name:amount@token.byte*times=text`, all but the name optional. Pure."""

import re

from mockllm.faults.fault import Fault
from mockllm.faults.table import FAULTS
from mockllm.values import shown

_FAULT = re.compile(
    r"(?P<name>[a-z_]+)(?::(?P<amount>\d{1,7}))?(?:@(?P<token>\d{1,6})(?:\.(?P<byte>\d{1,6}))?)?"
    r"(?:\*(?P<times>\d{1,2}))?(?:=(?P<text>.+))?",
    re.DOTALL | re.ASCII,
)
_FORMS = "name, name:amount, name@token, name@token.byte, name*times or name=text"


def parse_fault(text: str) -> Fault:
    """Read a fault. Raises ValueError with a sentence that lists the known names and forms."""
    match = _FAULT.fullmatch(text)
    if not match or match["name"] not in FAULTS:
        known = ", ".join(sorted(FAULTS))
        raise ValueError(f"{shown(text)} is not a fault; expected {_FORMS}, with one of the names {known}")
    name = match["name"]
    for part, takers in _takers().items():
        if match[part] and name not in takers:
            raise ValueError(
                f"{shown(text)}: {name} takes no {part}; those that do are {', '.join(sorted(takers))}"
            )
    amount, token, byte, times = (_number(match[part]) for part in ("amount", "token", "byte", "times"))
    if amount is None:
        amount = FAULTS[name].amount or 0
    if name == "status" and not 400 <= amount <= 599:
        raise ValueError(f"{shown(text)}: expected a status from 400 to 599")
    return Fault(name, token, byte, amount, times, match["text"] or "")


def fault_name(text: str) -> str:
    """Return the name that a written fault begins with."""
    return re.split(r"[:@*=]", text, maxsplit=1)[0]


def _takers() -> dict[str, list[str]]:
    kinds = FAULTS.items()
    return {
        "amount": [name for name, kind in kinds if kind.amount is not None],
        "text": [name for name, kind in kinds if kind.speaks],
        "token": [name for name, kind in kinds if kind.place != "none"],
        "byte": [name for name, kind in kinds if kind.place == "byte"],
    }


def _number(digits: str | None) -> int | None:
    return None if digits is None else int(digits)
