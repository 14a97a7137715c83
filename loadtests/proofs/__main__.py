"""Proves how answers live and end, on real processes, as `make proofs`: a verdict for each claim."""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from loadtests.measuring import DISTURBING_SHARE, ProcessorTime, processor_time
from loadtests.proofs import attacks, capacity, faults, leaving, shutdown, slow_readers, soak, worker_loss
from loadtests.proofs.finding import Finding, as_json
from loadtests.rig import MissingError, StartError
from loadtests.stack import end_soon_on_sigterm

REPORT = Path("reports/proofs.json")
WIDTH = 130
"""Columns of output that goes into a file."""

Proof = Callable[[], Iterable[Finding]]
PROOFS: dict[str, Proof] = {
    "leaving": leaving.prove,
    "shutdown": shutdown.prove,
    "faults": faults.prove,
    "worker-loss": worker_loss.prove,
    "slow-readers": slow_readers.prove,
    "capacity": capacity.prove,
    "attacks": attacks.prove,
}
SOAK = "soak"


@click.command()
@click.argument("names", nargs=-1, type=click.Choice([*PROOFS, SOAK]))
@click.option("--minutes", default=1.0, show_default=True, type=click.FloatRange(0.1), help="Of the soak.")
def main(names: Sequence[str], minutes: float) -> None:
    """Leave, stop, kill, stall and crowd the app, and say what each costs those who stay.

    Runs the proofs NAMES, by default all. Leaves reports/proofs.json, with what was found even if a proof
    breaks off. The exit code is 1 if one does, or if a claim does not hold. The attacks take about ten
    minutes, the others three, and the soak what is said.
    """
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    proofs: dict[str, Proof] = {**PROOFS, SOAK: functools.partial(soak.prove, minutes)}
    findings: list[Finding] = []
    seconds: dict[str, float] = {}
    try:
        for name in names or proofs:
            begun_at, time_before = time.monotonic(), processor_time()
            findings.extend(proofs[name]())
            seconds[name] = round(time.monotonic() - begun_at, 1)
            console.print(f"{name}: {seconds[name]:.0f} s{_disturbance(time_before)}", style="dim")
    except (StartError, MissingError) as error:
        raise click.ClickException(str(error)) from error
    finally:
        _report(findings, seconds, console)
    sys.exit(0 if all(finding.holds for finding in findings) else 1)


def _report(findings: list[Finding], seconds: Mapping[str, float], console: Console) -> None:
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_bytes(as_json(findings, seconds))
    console.print(_table(findings))
    console.print(f"Every sample: {REPORT}", style="dim")


def _disturbance(before: ProcessorTime) -> str:
    share = processor_time().stolen_since(before)
    return f", doubtful: {share:.0%} of the machine's time stolen" if share > DISTURBING_SHARE else ""


def _table(findings: Sequence[Finding]) -> Table:
    table = Table("What", "Bar", "Measured", "Verdict")
    for finding in findings:
        verdict = "[green]holds[/]" if finding.holds else "[red]missed[/]"
        table.add_row(finding.what, finding.bar, finding.figure, verdict)
    return table


if __name__ == "__main__":
    end_soon_on_sigterm()
    main()
