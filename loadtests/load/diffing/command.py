"""`python -m loadtests diff A B`."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from loadtests.load.diffing.answers import DiffError, answers_of, figures_of
from loadtests.load.diffing.differences import Difference, differences, unlike, wrong_share
from loadtests.load.judging.verdict import INVALID, MET, MISSED
from loadtests.load.report import TOO_FEW

WIDTH = 110


@click.command()
@click.argument("before", type=click.Path(exists=True, path_type=Path))
@click.argument("after", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--worse-than",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0),
    help="Percent: exit with 3 if a figure is worse by more, for certain.",
)
def diff(before: Path, after: Path, worse_than: float) -> None:
    """Compare two runs: the folders of their reports, or their answers.jsonl.

    Prints the p50 and p95 of each metric in ms, the difference, and its interval of 95 %, by the bootstrap
    over answers; how many answers were wrong; and in what the two were asked differently. Exit codes: 0, 3 a
    figure is worse or more answers were wrong, 4 one of the runs was INVALID or has nothing to compare.
    """
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    try:
        first, second = answers_of(before), answers_of(after)
        figures = figures_of(before), figures_of(after)
    except DiffError as error:
        raise click.ClickException(str(error)) from error
    found = list(differences(first, second))
    console.print(_table(found))
    told = dict(zip((before, after), figures, strict=False))
    doubts = [(path, doubt) for path, report in told.items() if report for doubt in report.doubts]
    for name, one, other in unlike(*figures):
        said = f"Unlike: {name}: {one} before, {other} after"
        console.print(said, style="yellow", soft_wrap=True, highlight=False)
    shares = wrong_share(first), wrong_share(second)
    if any(shares):
        console.print(f"Wrong answers: {shares[0]:.2%} before, {shares[1]:.2%} after", style="red")
    worse = [each for each in found if is_worse(each, worse_than)]
    for each in worse:
        console.print(f"Worse: {each.mode} {each.metric} p{each.share * 100:.0f}", style="red")
    for path, doubt in doubts:
        console.print(f"INVALID: {path}: {doubt}", style="yellow", soft_wrap=True, highlight=False)
    if not found:
        console.print("The two runs have no figure in common.", style="red")
    is_worse_somewhere = bool(worse) or shares[1] > shares[0]
    sys.exit(INVALID if doubts or not found else MISSED if is_worse_somewhere else MET)


def is_worse(difference: Difference, percent: float) -> bool:
    """Whether even the lower end of the interval is more than this share above what was."""
    low = difference.interval[0] if difference.interval else 0.0
    return low > difference.before * percent / 100


def _table(found: Sequence[Difference]) -> Table:
    table = Table("mode", "metric", box=SIMPLE_HEAD, show_edge=False)
    for heading in ("", "before", "after", "difference", "95 % interval", ""):
        table.add_column(heading, justify="right")
    for each in found:
        interval = f"{each.interval[0]:+.2f} to {each.interval[1]:+.2f}" if each.interval else TOO_FEW
        table.add_row(
            each.mode,
            each.metric,
            f"p{each.share * 100:.0f}",
            f"{each.before:.2f}",
            f"{each.after:.2f}",
            f"{each.after - each.before:+.2f}",
            interval,
            "differs" if each.is_certain else "",
        )
    return table
