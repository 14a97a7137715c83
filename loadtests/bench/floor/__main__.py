"""`make floor`: the load test straight at the mock, and what of each time is its own."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import Popen
from time import sleep

import click
from rich.console import Console
from rich.table import Table

from loadtests.bench.floor import claims
from loadtests.bench.floor.claims import Claim
from loadtests.load import Record, Report, about, answers_of, read
from loadtests.stack import complaints, end_soon_on_sigterm, reports_folder, run_locust, target

REPORT = Path("reports") / "floor.json"
WIDTH = 110
"""Columns of output that goes into a file."""
PROMPTS = "".join(json.dumps({"prompt": f"Write about the number {number}."}) + "\n" for number in range(8))
"""Without a max_tokens, so that each answer has all its tokens."""
RATE = 20.0
CROWD = 215
"""Streams; an answer of 400 tokens takes 8.3 s, so 10,400 tokens a second."""


@dataclass(frozen=True)
class Run:
    what: str
    load: Mapping[str, object]
    claims: Callable[[Report, Sequence[Record]], Iterator[Claim]]


def _streams(count: int, seconds: int, tokens: int = 200) -> Mapping[str, object]:
    """An answer of 200 tokens takes 4.3 s: 50 streams make the 368 of a p99 in 32 s.

    The users come over the time of an answer, so that the mock is asked evenly ever after.
    """
    return {
        "users": count,
        "spawn-rate": count / (tokens * 0.02),
        "think-seconds": 0,
        "run-time": seconds,
        "model": f"mock-ttft300-itl20-tokens{tokens}",
    }


RUNS = {
    "shares": Run("50 streams at 50 tokens/s", _streams(50, 38), lambda report, _: claims.shares(report)),
    "throughput": Run(
        f"{CROWD} streams at 50 tokens/s",
        _streams(CROWD, 30, tokens=400),
        lambda report, answers: claims.throughput(report, answers, CROWD),
    ),
    "schedule": Run(
        "20 constant arrivals/s for a minute",
        {"rate": RATE, "arrivals": "constant", "run-time": 60},
        lambda report, _: claims.schedule(report, RATE),
    ),
    "spread": Run(
        "400 Poisson arrivals",
        {"rate": f"20:{RATE:g}", "run-time": 20},
        lambda report, _: claims.spread(report),
    ),
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(RUNS)))
def main(names: tuple[str, ...]) -> None:
    """Run the load test straight at the mock, and say what of the times is its own.

    Runs NAMES, by default all, in three minutes. Below these figures no figure of an app can be. Leaves
    reports/floor.json. Exit codes: 0 all hold; 1 one does not, or was not measured, in a VALID run; 4 a run
    was INVALID, for the reason given.
    """
    end_soon_on_sigterm()
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    reports_folder(REPORT.parent)
    found: list[tuple[str, Report, list[Claim]]] = []
    with target(None, None) as asked, tempfile.TemporaryDirectory() as folder:
        for name in names or RUNS:
            with console.status(RUNS[name].what):
                report, answers = _run(RUNS[name], asked.mock_url or "", Path(folder))
            found.append((name, report, [*RUNS[name].claims(report, answers), *claims.right(report)]))
    console.print(_table(found))
    for name, report, _ in found:
        for doubt in report.doubts:
            console.print(f"INVALID: {name}: {doubt}", style="yellow", soft_wrap=True, highlight=False)
    _write(found)
    sys.exit(exit_code([(report, held) for _, report, held in found]))


def exit_code(found: list[tuple[Report, list[Claim]]]) -> int:
    """A bar that an INVALID run met is no more than one that it missed."""
    if any(not claim.holds for report, held in found if not report.doubts for claim in held):
        return 1
    return 4 if any(report.doubts for report, _ in found) else 0


def _run(run: Run, mock_url: str, folder: Path) -> tuple[Report, Sequence[Record]]:
    (folder / "prompts.jsonl").write_text(PROMPTS)
    report, answers, log = (folder / name for name in ("report.json", "answers.jsonl", "locust.log"))
    report.unlink(missing_ok=True)
    options: dict[str, object] = {
        "host": mock_url,
        "mock-url": mock_url,
        "api": "completions",
        "prompts": folder / "prompts.jsonl",
        "report-json": report,
        "answers": answers,
        "stop-timeout": 60,
        **run.load,
    }
    run_locust(options, ("--tags", "stream"), log, _watch)
    if not report.exists():
        raise click.ClickException("\n".join(complaints(log.read_text())))
    return read(report), answers_of(answers)


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
    runs = {
        name: {"claims": [asdict(claim) for claim in held], "doubts": report.doubts}
        for name, report, held in found
    }
    REPORT.write_text(json.dumps({"about": about(), "runs": runs}, indent=2) + "\n")


if __name__ == "__main__":
    main()
