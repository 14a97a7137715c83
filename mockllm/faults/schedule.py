"""Which fault strikes which attempt: decided from request and seed alone, so that none is counted."""

import re
from dataclasses import dataclass

from mockllm.faults.fault import Fault
from mockllm.faults.notation import parse_fault
from mockllm.values import Draws, digest, shown

_ENTRY = re.compile(r"(?P<fault>\S+) +(?:(?P<percent>\d{1,3}(?:\.\d+)?)%|turn *(?P<turn>\d{1,4}))", re.ASCII)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a request says about itself: whose answer it wants, how deep in the conversation, how often tried.

    `retries` is what official clients send as `x-stainless-retry-count`.
    """

    identity: bytes = b""
    user_turns: int = 1
    retries: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One fault of a schedule, and when: for a share of all attempts, or at one turn of each conversation."""

    fault: Fault
    share: float = 0.0
    turn: int | None = None


Schedule = tuple[Entry, ...]


def parse_schedule(text: str) -> Schedule:
    """Read entries such as `reset@20 5%, rate_limit*2 turn 3`. Raises ValueError for anything else."""
    return tuple(_entry(part.strip()) for part in text.split(",") if part.strip())


def strikes(fault: Fault, attempt: Attempt) -> bool:
    """Whether this attempt is among those that the fault strikes: `*2` spares the second retry."""
    return fault.times is None or attempt.retries < fault.times


def scheduled(schedule: Schedule, attempt: Attempt, seed: int) -> Fault | None:
    """Return the first fault of the schedule that strikes this attempt."""
    for number, entry in enumerate(schedule):
        if _is_chosen(number, entry, attempt, seed) and strikes(entry.fault, attempt):
            return entry.fault
    return None


def settle(asked: Fault | None, schedule: Schedule, attempt: Attempt, seed: int) -> Fault | None:
    """Return the fault that strikes: the one the request asks for, else one of the schedule, else none."""
    if asked is None:
        return scheduled(schedule, attempt, seed)
    return asked if strikes(asked, attempt) else None


def _is_chosen(number: int, entry: Entry, attempt: Attempt, seed: int) -> bool:
    if entry.turn is not None:
        return attempt.user_turns == entry.turn
    # A retry draws again: a client that retries meets the rate it would meet at a real server.
    return Draws(digest(seed, "fault", number, attempt.identity, attempt.retries)).chance(entry.share)


def _entry(text: str) -> Entry:
    match = _ENTRY.fullmatch(text)
    if not match:
        raise ValueError(
            f"{shown(text)}: expected a fault and when, as in 'reset@20 5%' or 'rate_limit*2 turn 3'"
        )
    fault = parse_fault(match["fault"])
    if match["turn"]:
        return Entry(fault, turn=int(match["turn"]))
    if float(match["percent"]) > 100:
        raise ValueError(f"{shown(text)}: at most 100%")
    return Entry(fault, share=float(match["percent"]) / 100)
