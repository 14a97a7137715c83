"""`python -m loadtests.bench.mocks`: our mock and aimock in turn, the medians, the limits, the exit code."""

from __future__ import annotations

import math
import statistics
import sys
import time
from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table

from loadtests.bench.mocks.contenders import OTHER, OURS, Mock, MockLoad, running_mock
from loadtests.bench.mocks.measure import Measurement, health, measure
from loadtests.measuring import median
from loadtests.rig import ClientMode, raise_descriptor_limit
from loadtests.stack import end_soon_on_sigterm

COST_LIMIT = 1.0
LATENESS_LIMIT_MS = 5.0
OFF_PLAN_LIMIT = 0.005
START_LIMIT_SECONDS = 1.0
TRIES = 3
CLIENTS: tuple[ClientMode, ...] = ("asleep", "awake")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--rounds", default=5, show_default=True, type=click.IntRange(1), help="Times each is measured."
)
@click.option(
    "--streams",
    "counts",
    multiple=True,
    default=(100, 500),
    show_default=True,
    type=click.IntRange(1),
    help="Answers at once; may be given several times.",
)
@click.option("--tokens", default=250, show_default=True, type=click.IntRange(10), help="Tokens an answer.")
@click.option(
    "--gap", default=20, show_default=True, type=click.IntRange(1), help="Milliseconds between tokens."
)
def main(rounds: int, counts: Sequence[int], tokens: int, gap: int) -> None:
    """Compare what a streamed token costs, and check the pace of our mock.

    Once with a client that sleeps between tokens, which each wakes, and once with one that stays awake.
    """
    raise_descriptor_limit()
    points = [(count, client) for count in counts for client in CLIENTS]
    measured: dict[tuple[int, ClientMode], list[Measurement]] = {point: [] for point in points}
    for number in range(rounds):
        for mock in (OURS, OTHER) if number % 2 == 0 else (OTHER, OURS):
            for point in points:
                measured[point] += undisturbed(mock, MockLoad(point[0], tokens, gap), point[1])
    start = statistics.median(start_seconds() for _ in range(rounds))
    console = Console(width=110)
    held = True
    for (count, client), rows in measured.items():
        console.print(table(rows))
        for text, is_met in verdicts(rows, start):
            told = f"{'ok  ' if is_met else 'FAIL'} {count} streams, client {client}: {text}"
            console.print(told, highlight=False)
            held = held and is_met
    sys.exit(0 if held else 1)


def undisturbed(mock: Mock, load: MockLoad, client: ClientMode) -> list[Measurement]:
    """One measurement; again, up to TRIES times, where something else disturbed it, and none if all were."""
    for _ in range(TRIES):
        measured = measure(mock, load, client)
        if not measured.disturbances:
            return [measured]
        click.echo(f"{mock.name}, refused: {'; '.join(measured.disturbances)}", err=True)
    return []


def start_seconds() -> float:
    """How long our mock takes from the start of its process to its first answer."""
    started = time.monotonic()
    with running_mock(OURS, MockLoad(1, 1, 1)) as (port, _):
        # The port is open before anybody answers there; the question waits in its queue.
        health(port)
        return time.monotonic() - started


def table(rows: Sequence[Measurement]) -> Table:
    """Draw the medians of each mock."""
    drawn = Table(
        "mock", "streams", "client", "µs CPU a token", "lowest", "highest", "off plan", "late p99", "failed"
    )
    for name in dict.fromkeys(row.mock for row in rows):
        own = [row for row in rows if row.mock == name]
        costs = [row.cpu_us_per_token for row in own]
        late = statistics.median(row.lateness_p99_ms for row in own)
        drawn.add_row(
            name,
            str(own[0].streams),
            own[0].client,
            f"{statistics.median(costs):.1f}",
            f"{min(costs):.1f}",
            f"{max(costs):.1f}",
            f"{statistics.median(row.off_plan for row in own):+.2%}",
            "unknown" if math.isnan(late) else f"{late:.1f} ms",
            str(sum(row.failures for row in own)),
        )
    return drawn


def verdicts(rows: Sequence[Measurement], start: float) -> list[tuple[str, bool]]:
    """Hold the medians against what is promised; a median that could not be had keeps no promise."""
    ours = [row for row in rows if row.mock == OURS.name]
    cost = median([row.cpu_us_per_token for row in ours])
    other = median([row.cpu_us_per_token for row in rows if row.mock == OTHER.name])
    late = median([row.lateness_p99_ms for row in ours])
    says_so = bool(ours) and all(
        row.is_saturated for row in ours if not row.lateness_p99_ms <= LATENESS_LIMIT_MS
    )
    word = " and said so" if says_so and late > LATENESS_LIMIT_MS else ""
    failed = sum(row.failures for row in ours)
    silent = [row for row in ours if not abs(row.off_plan) <= OFF_PLAN_LIMIT and not row.is_saturated]
    return [
        (f"a token costs {cost / other:.2f} of aimock's (limit {COST_LIMIT})", cost <= COST_LIMIT * other),
        (
            f"lateness p99 {late:.1f} ms{word} (limit {LATENESS_LIMIT_MS:.0f}, or said so)",
            late <= LATENESS_LIMIT_MS or (says_so and not math.isnan(late)),
        ),
        (f"{len(silent)} rounds off their plan without a word of it (limit 0)", not silent),
        (f"{failed} answers failed (limit 0)", bool(ours) and not failed),
        (
            f"first answer {start:.2f} s after the start (limit {START_LIMIT_SECONDS:.0f} s)",
            start <= START_LIMIT_SECONDS,
        ),
    ]


if __name__ == "__main__":
    end_soon_on_sigterm()
    main()
