"""`python -m loadtests.bench.mocks.most`: the most tokens a second that our mock carries."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import click

from loadtests.bench.mocks.__main__ import LATENESS_LIMIT_MS, OFF_PLAN_LIMIT, undisturbed
from loadtests.bench.mocks.contenders import Mock, MockLoad, ours
from loadtests.bench.mocks.measure import Measurement
from loadtests.rig import raise_descriptor_limit
from loadtests.stack import end_soon_on_sigterm

RATE_A_WORKER = 5000.0
TOKENS, GAP_MS = 250, 20
FIRST_STREAMS = 102
"""Of fifty tokens a second: a little more than the rate of one worker, which 100 would just miss."""
CLOSE = 10
"""The edge is found to a tenth."""
FEWEST_STREAMS = 5
MOST_STREAMS = 1700
WORKERS = (1, 2)
SIGNS = {0: "ok  ", 1: "FAIL", 4: "?   "}

Look = Callable[[int], Measurement | None]
"""Measures so many streams; None where something else disturbed every try."""


@dataclass(frozen=True)
class Found:
    """How far the search came: the most that was carried, and the least that was not."""

    carried: Measurement | None = None
    missed: Measurement | None = None
    is_disturbed: bool = False

    @property
    def rate(self) -> float:
        """Tokens a second, as the client counted them."""
        return self.carried.tokens_per_second if self.carried else 0.0

    @property
    def next_streams(self) -> int:
        """Double until it is not carried, then halve the distance; 0 when it is close enough."""
        low = self.carried.streams if self.carried else 0
        if self.missed is None:
            return 2 * low if 2 * low <= MOST_STREAMS else 0
        high = self.missed.streams
        return 0 if high - low <= max(high // CLOSE, FEWEST_STREAMS) else (low + high) // 2


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Search for the most streams of 50 tokens a second that one and two workers of our mock carry.

    Carried is what comes whole, on its plan and with a lateness of at most 5 ms at p99; of more the mock has
    to say that it is saturated. Exit codes: 0 all holds; 1 something does not; 4 it was not measured.
    """
    raise_descriptor_limit()
    codes = []
    for workers in WORKERS:
        found = search(partial(_look, ours(workers)))
        for code, text in verdicts(found, workers, os.cpu_count() or 1):
            click.echo(f"{SIGNS[code]} {workers} worker{'s'[: workers - 1]}: {text}")
            codes.append(code)
    sys.exit(1 if 1 in codes else max(codes))


def _look(mock: Mock, streams: int) -> Measurement | None:
    measured = undisturbed(mock, MockLoad(streams, TOKENS, GAP_MS), "asleep")
    return measured[0] if measured else None


def search(look: Look) -> Found:
    """Look at one number of streams after the other until the edge is found, or nothing can be measured."""
    found, streams = Found(), FIRST_STREAMS
    while streams:
        measured = look(streams)
        if measured is None:
            return replace(found, is_disturbed=True)
        carries = is_carried(measured)
        found = replace(found, carried=measured) if carries else replace(found, missed=measured)
        streams = found.next_streams
    return found


def is_carried(measured: Measurement) -> bool:
    """Whether all came, on its plan and in time."""
    return (
        not measured.failures
        and abs(measured.off_plan) <= OFF_PLAN_LIMIT
        and measured.lateness_p99_ms <= LATENESS_LIMIT_MS
    )


def verdicts(found: Found, workers: int, cores: int) -> Sequence[tuple[int, str]]:
    """Hold what was found against what is promised: 0 held, 1 not, 4 not measured.

    Where the load has no core of its own, what is carried is carried, but what is not says nothing.
    """
    wanted = RATE_A_WORKER * workers
    rate = f"{found.rate:,.0f} tokens/s with p99 at most {LATENESS_LIMIT_MS:.0f} ms (at least {wanted:,.0f})"
    told = []
    if found.rate >= wanted:
        told.append((0, rate))
    elif found.is_disturbed:
        told.append((4, f"{rate}; more was not measured, as all tries were disturbed"))
    elif cores <= workers:
        told.append((4, f"{rate}; it takes {workers + 1} free cores, the load's among them, and has {cores}"))
    else:
        told.append((1, rate))
    if missed := found.missed:
        late = (
            f"{missed.streams} streams: p99 {missed.lateness_p99_ms:.1f} ms, {missed.off_plan:+.1%} off plan"
        )
        told.append((0 if missed.is_saturated else 1, f"says that it is saturated at {late}"))
    return told


if __name__ == "__main__":
    end_soon_on_sigterm()
    main()
