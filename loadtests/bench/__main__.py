"""Measures what one relayed token costs, side by side with other stacks; `make bench` is this."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console

from loadtests.bench.bars import table_bars
from loadtests.bench.contenders import CONTENDERS, LITELLM, PEERS, Contender
from loadtests.bench.measure import Measurement, Point
from loadtests.bench.medians import medians
from loadtests.bench.report import Bar, Report, about, bar_table, refusals, save, shown, table
from loadtests.bench.rounds import available, measurements, own_bars
from loadtests.rig import ClientMode, MissingError, python_of, raise_descriptor_limit
from loadtests.stack import end_soon_on_sigterm

REPORTS = Path("reports")
POINTS = {
    1: Point(streams=1, per_second=50, tokens=250, ramp_seconds=0.1),
    100: Point(streams=100, per_second=50, tokens=500, ramp_seconds=1),
    500: Point(streams=500, per_second=50, tokens=500, ramp_seconds=5),
    2000: Point(streams=2000, per_second=2, tokens=40, ramp_seconds=10),
}
QUICK = {
    1: Point(streams=1, per_second=50, tokens=100, ramp_seconds=0.1),
    100: Point(streams=100, per_second=50, tokens=200, ramp_seconds=1),
}
USUAL = tuple(name for name, contender in CONTENDERS.items() if contender is not LITELLM)
CLIENTS: tuple[ClientMode, ...] = ("asleep", "awake")
WIDTH = 150
"""Columns of output that goes into a file."""


@click.command()
@click.option("--quick", is_flag=True, help="One short round at 1 and 100 streams, without the other bars.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="Of all stacks in turn.")
@click.option(
    "--streams",
    "numbers",
    multiple=True,
    type=click.Choice([str(streams) for streams in POINTS]),
    help="Only this many at once; may be given several times.",
)
@click.option(
    "--stack",
    "names",
    multiple=True,
    type=click.Choice(list(CONTENDERS)),
    default=USUAL,
    show_default=True,
    help="Only this stack; may be given several times. LiteLLM takes a minute to install.",
)
@click.option(
    "--client",
    "clients",
    multiple=True,
    type=click.Choice(CLIENTS),
    default=CLIENTS,
    show_default=True,
    help="Only one that sleeps while nothing comes, and whom each stack pays for waking, or that does not.",
)
@click.option("--bars/--no-bars", "with_bars", default=True, help="Also run what the table does not show.")
def main(
    quick: bool,
    rounds: int,
    numbers: Sequence[str],
    names: Sequence[str],
    clients: Sequence[ClientMode],
    with_bars: bool,
) -> None:
    """Put the same streams through each stack, in front of the same upstream, and compare.

    Every stack runs alone, one process of it on one core; upstream and client share another. Peers are
    installed into virtual environments under build/bench. Leaves reports/bench.json and reports/bench.svg.
    The exit code is 1 if the app misses a bar, or a figure for one could not be had. The whole takes about
    an hour, --quick five minutes.
    """
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    raise_descriptor_limit()
    points = {
        streams: point
        for streams, point in (QUICK if quick else POINTS).items()
        if not numbers or str(streams) in numbers
    }
    bench = Bench(console, points, [CONTENDERS[name] for name in names], clients, 1 if quick else rounds)
    try:
        bench.run(with_bars=with_bars and not quick)
    finally:
        save(bench.report(), REPORTS / "bench.json")
    chart(REPORTS / "bench.json", REPORTS / "bench.svg", console)
    conclude(bench.report(), console)


class Bench:
    """What has been measured so far, and who was left out."""

    def __init__(
        self,
        console: Console,
        points: Mapping[int, Point],
        contenders: Sequence[Contender],
        clients: Sequence[ClientMode],
        rounds: int,
    ) -> None:
        self._console = console
        self._points, self._contenders, self._clients = points, contenders, clients
        self._rounds = rounds
        self._about = about(rounds)
        self._done: list[Measurement] = []
        self._bars: list[Bar] = []
        self._missing: list[str] = []

    def run(self, *, with_bars: bool) -> None:
        """Measure everything; what cannot be measured is noted, and the rest goes on."""
        there = available(self._contenders, self._miss)
        points = list(self._points.values())
        for measured in measurements(there, points, self._clients, self._rounds, self._miss):
            self._done.append(measured)
            self._say(_line(measured))
        self._bars += table_bars(medians(self._done), self._points, self._contenders, self._clients)
        for bar in own_bars(self._say) if with_bars else ():
            self._bars.append(bar)

    def report(self) -> Report:
        done = tuple(self._done)
        return Report(self._about, done, medians(done), tuple(self._bars), tuple(self._missing))

    def _say(self, what: str) -> None:
        self._console.print(what, markup=False, highlight=False)

    def _miss(self, what: str) -> None:
        self._missing.append(what)
        self._say(what)


def _line(measured: Measurement) -> str:
    cost = shown(measured.cpu_us_per_token_with_requests, "7.1f", " µs")
    refused = f", refused: {'; '.join(measured.disturbances)}" if measured.disturbances else ""
    return f"{measured.streams:>5} {measured.client:<7} {measured.contender:<32} {cost}{refused}"


def chart(source: Path, target: Path, console: Console) -> None:
    """Draw the medians, with a library that only this virtual environment has."""
    here = PEERS / "bench-chart"
    try:
        python = python_of(here / "requirements.txt")
        command = [str(python), str(here / "draw.py"), str(source), str(target)]
        subprocess.run(command, check=True)  # noqa: S603  # ours
    except (MissingError, OSError, subprocess.CalledProcessError) as error:
        console.print(f"No chart: {error}", style="yellow", markup=False, highlight=False)


def conclude(report: Report, console: Console) -> NoReturn:
    """Print the result, and end with the exit code."""
    console.print(table(report.medians), bar_table(report.bars))
    for refused in refusals(report.medians):
        console.print(f"No round counts of {refused}", style="yellow", markup=False, highlight=False)
    console.print(f"Every measurement: {REPORTS / 'bench.json'}", style="dim")
    sys.exit(0 if report.bars and all(bar.met for bar in report.bars) else 1)


if __name__ == "__main__":
    end_soon_on_sigterm()
    main()
