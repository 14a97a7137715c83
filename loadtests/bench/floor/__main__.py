"""`make floor`: the load test straight at the mock, and what of each time is its own."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import Popen
from time import sleep

import click
from rich.console import Console
from rich.table import Table

from loadtests.bench.floor import claims
from loadtests.bench.floor.claims import Claim
from loadtests.load import Report, about, read
from loadtests.stack import complaints, end_soon_on_sigterm, run_locust, target

REPORT = Path("reports") / "floor.json"
WIDTH = 110
"""Columns of output that goes into a file."""
PROMPTS = "".join(json.dumps({"prompt": f"Write about the number {number}."}) + "\n" for number in range(8))
"""Without a max_tokens, so that each answer has all its tokens."""
PACED = "mock-ttft300-itl20-tokens200"
RATE = 20.0


@dataclass(frozen=True)
class Run:
    what: str
    load: Mapping[str, object]
    claims: Callable[[Report], Iterator[Claim]]


def _streams(count: int, seconds: int) -> Mapping[str, object]:
    """An answer takes 4.3 s: 50 streams make the 368 of a p99 in 32 s."""
    return {"users": count, "spawn-rate": count / 2, "think-seconds": 0, "run-time": seconds, "model": PACED}


RUNS = {
    "shares": Run("50 streams at 50 tokens/s", _streams(50, 36), claims.shares),
    "throughput": Run("245 streams at 50 tokens/s", _streams(245, 25), claims.throughput),
    "schedule": Run(
        "20 constant arrivals/s for a minute",
        {"rate": RATE, "arrivals": "constant", "run-time": 60},
        lambda report: claims.schedule(report, RATE),
    ),
    "spread": Run("400 Poisson arrivals", {"rate": f"20:{RATE:g}", "run-time": 20}, claims.spread),
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(RUNS)))
def main(names: tuple[str, ...]) -> None:
    """Run the load test straight at the mock, and say what of the times is its own.

    Runs NAMES, by default all, in three minutes. Below these figures no figure of an app can be. Leaves
    reports/floor.json. Exit codes: 0 all hold; 1 one does not, or was not measured; 4 all that do not are of
    runs that were INVALID, for the reason given.
    """
    end_soon_on_sigterm()
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    found: list[tuple[str, Report, list[Claim]]] = []
    with target(None, None) as asked, tempfile.TemporaryDirectory() as folder:
        for name in names or RUNS:
            with console.status(RUNS[name].what):
                report = _run(RUNS[name], asked.mock_url or "", Path(folder))
            found.append((name, report, [*RUNS[name].claims(report), *claims.right(report)]))
    console.print(_table(found))
    for name, report, _ in found:
        for doubt in report.doubts:
            console.print(f"INVALID: {name}: {doubt}", style="yellow", soft_wrap=True, highlight=False)
    _write(found)
    sys.exit(exit_code([(report, held) for _, report, held in found]))


def exit_code(found: list[tuple[Report, list[Claim]]]) -> int:
    missed = [report for report, held in found if not all(claim.holds for claim in held)]
    if not missed:
        return 0
    return 4 if all(report.doubts for report in missed) else 1


def _run(run: Run, mock_url: str, folder: Path) -> Report:
    (folder / "prompts.jsonl").write_text(PROMPTS)
    report, log = folder / "report.json", folder / "locust.log"
    report.unlink(missing_ok=True)
    options: dict[str, object] = {
        "host": mock_url,
        "mock-url": mock_url,
        "api": "completions",
        "prompts": folder / "prompts.jsonl",
        "report-json": report,
        "stop-timeout": 60,
        **run.load,
    }
    run_locust(options, ("--tags", "stream"), log, _watch)
    if not report.exists():
        raise click.ClickException("\n".join(complaints(log.read_text())))
    return read(report)


def _watch(process: Popen[bytes]) -> None:
    while process.poll() is None:
        sleep(0.1)


def _table(found: list[tuple[str, Report, list[Claim]]]) -> Table:
    table = Table("run", "", "came", "bar", "", title="The load test alone, straight at the mock")
    for name, _, held in found:
        for number, claim in enumerate(held):
            verdict = "[green]holds" if claim.holds else "[red]missed"
            table.add_row(
                "" if number else RUNS[name].what, claim.what, f"{claim.value:g}", claim.bar, verdict
            )
        table.add_section()
    return table


def _write(found: list[tuple[str, Report, list[Claim]]]) -> None:
    REPORT.parent.mkdir(exist_ok=True)
    runs = {
        name: {"claims": [asdict(claim) for claim in held], "doubts": report.doubts}
        for name, report, held in found
    }
    REPORT.write_text(json.dumps({"about": about(), "runs": runs}, indent=2) + "\n")


if __name__ == "__main__":
    main()
