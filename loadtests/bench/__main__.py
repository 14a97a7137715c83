"""Measures what one relayed token costs, side by side with other stacks; `make bench` is this."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from loadtests.bench import bars
from loadtests.bench.contenders import CONTENDERS, LITELLM, PEERS, Contender, MissingError, python_of
from loadtests.bench.measure import Measurement, Point, measure
from loadtests.bench.report import Bar, Report, about, bar_table, medians, save, table
from loadtests.bench.stand import raise_descriptor_limit, stand
from loadtests.measuring import DISTURBING_SHARE, processor_time

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
TRIES = 3
WIDTH = 130
"""Columns of output that goes into a file."""


@click.command()
@click.option("--quick", is_flag=True, help="One short round at 1 and 100 streams, without the other bars.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="Of all stacks in turn.")
@click.option(
    "--streams",
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
    "--sleeping-client",
    is_flag=True,
    help="Let the client of the table sleep while nothing comes, and each stack pay for waking it.",
)
@click.option("--bars/--no-bars", "with_bars", default=True, help="Also run what the table does not show.")
def main(
    quick: bool,
    rounds: int,
    streams: Sequence[str],
    names: Sequence[str],
    sleeping_client: bool,
    with_bars: bool,
) -> None:
    """Put the same streams through each stack, in front of the same upstream, and compare.

    Every stack runs alone, one process of it on one core; upstream and client share another. Peers are
    installed into virtual environments under build/bench. Leaves reports/bench.json and reports/bench.svg.
    The exit code is 1 if the app misses a bar. The whole takes about half an hour, --quick two minutes.
    """
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    raise_descriptor_limit()
    points = QUICK if quick else POINTS
    chosen = [
        replace(point, sleeping_client=sleeping_client)
        for number, point in points.items()
        if not streams or str(number) in streams
    ]
    contenders = available([CONTENDERS[name] for name in names], console)
    machine = about(1 if quick else rounds)
    done: list[Measurement] = []
    for measured in measurements(contenders, chosen, 1 if quick else rounds):
        stolen = f", disturbed: {measured.stolen_share:.0%} stolen" if measured.is_disturbed else ""
        cost = f"{measured.cpu_us_per_token:7.1f} µs{stolen}"
        console.print(f"{measured.streams:>5} {measured.contender:<24} {cost}")
        done.append(measured)
    middle = medians(done)
    reached = [*bars.table_bars(middle), *(own_bars(console) if with_bars and not quick else ())]
    report = Report(machine, tuple(done), middle, tuple(reached))
    save(report, REPORTS / "bench.json")
    chart(REPORTS / "bench.json", REPORTS / "bench.svg")
    console.print(table(middle), bar_table(reached))
    sys.exit(not all(bar.met for bar in reached))


def available(contenders: Sequence[Contender], console: Console) -> list[Contender]:
    """Those that start here; installs what they need, says who is missing and why."""
    there = []
    for contender in contenders:
        try:
            with console.status(f"Trying {contender.name} ..."), stand(contender):
                there.append(contender)
        except (MissingError, subprocess.CalledProcessError) as error:
            console.print(f"Left out: {contender.name}: {error}")
    return there


def measurements(
    contenders: Sequence[Contender], points: Sequence[Point], rounds: int
) -> Iterator[Measurement]:
    """Each stack once a round at each load, in turn, so that the machine's moods fall on all of them.

    Again, up to TRIES times, where a hypervisor took the machine away meanwhile.
    """
    for point in points:
        for _ in range(rounds):
            for contender in contenders:
                for _ in range(TRIES):
                    with stand(contender) as running:
                        measured = measure(running, point)
                    yield measured
                    if not measured.is_disturbed:
                        break


def own_bars(console: Console) -> Iterator[Bar]:
    """The bars that need runs of their own; again, up to TRIES times, where they were disturbed."""
    runs: tuple[Callable[[], Bar], ...] = (
        lambda: bars.one_at_a_time(500),
        bars.many_streams,
        bars.flat_cost,
        lambda: bars.one_after_another(1000),
        lambda: bars.start(5),
    )
    for run in runs:
        for _ in range(TRIES):
            before = processor_time()
            bar = run()
            stolen = processor_time().stolen_since(before)
            console.print(f"{bar.what}: {bar.value:.3g}{bar.unit}, {stolen:.0%} stolen")
            if stolen <= DISTURBING_SHARE:
                break
        yield replace(bar, stolen_share=stolen)


def chart(source: Path, target: Path) -> None:
    """Draw the medians, with a library that only this virtual environment has."""
    here = PEERS / "bench-chart"
    python = python_of(here / "requirements.txt")
    subprocess.run([str(python), str(here / "draw.py"), str(source), str(target)], check=True)  # noqa: S603


if __name__ == "__main__":
    main()
