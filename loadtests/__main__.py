"""Runs the default load test against the stack or a given app: the table, an HTML report, the exit code."""

import math
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from loadtests import load
from loadtests.stack import complaints, end_soon_on_sigterm, reports_folder, run_locust, several, target

REPORTS = Path("reports")
SUMMARY, LIVE = REPORTS / "summary.json", REPORTS / "live.json"
# Longer than any answer may take: one that is cut off would leave no sample, and slow ones go first.
STOP_MARGIN_SECONDS = 5
SPAWN_SECONDS = 2
RUN_SECONDS = 30
WIDTH = 100
"""Columns of output that goes into a file."""
LIMITS = Path(__file__).with_name("limits.toml")


def _stages(_: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    try:
        if text:
            load.stages_of(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param=parameter) from error
    return text


def _limits(_: click.Context, parameter: click.Parameter, text: str | None) -> str | None:
    try:
        if text:
            load.read_limits(Path(text))
    except load.LimitsError as error:
        raise click.BadParameter(str(error), param=parameter) from error
    return text


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option(
    "--users", "-u", default=20, show_default=True, type=click.IntRange(1), help="How many chat at once."
)
@click.option(
    "--run-time",
    type=click.IntRange(1),
    help="For how many seconds; without it 30, or as long as the stages.",
)
@click.option(
    "--rate", callback=_stages, help="Open load: answers asked for a second, or stages: 30:1-20,60:20."
)
@click.option(
    "--arrivals",
    type=click.Choice(["poisson", "constant"]),
    default="poisson",
    show_default=True,
    help="How the answers of --rate arrive.",
)
@click.option("--stages", callback=_stages, help="Closed load: users over time: 30:1-20,60:20.")
@click.option("--warm-up-seconds", type=click.FloatRange(0), help="The answers of this time have no times.")
@click.option(
    "--limits",
    callback=_limits,
    help="TOML file of what the run must hold; '' for none.  [default: that of the stack's default load]",
)
@click.option("--host", help="URL of a running app; without it, app and mock are started for the run.")
@click.option(
    "--mock-url", help="URL of the mock behind --host; without it, texts are asked through the app."
)
@click.option("--model", help="Model of the mock to ask for.")
@click.option(
    "--answer-seconds",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0.1),
    help="Time for an answer.",
)
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1), help="Load generators.")
@click.option("--seed", default=1, show_default=True, help="Decides the questions and who asks which when.")
@click.argument("locust_options", nargs=-1, type=click.UNPROCESSED)
def main(run_time: int | None, limits: str | None, locust_options: tuple[str, ...], **chosen: Any) -> None:
    """Let users chat, and compare every answer with the expected text.

    All further options are Locust's own, such as --tags stream, --web-port 8089 or --csv NAME. Prints the
    times of the right answers and leaves reports/loadtest.html, summary.json and answers.jsonl.
    `python -m loadtests diff A B` compares two such folders.

    Exit codes: 0 limits met; 1 answers wrong or unfinished, or none made; 3 a limit missed; 4 the run is
    INVALID: its figures cannot be trusted, for the reason given.
    """
    end_soon_on_sigterm()
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    if limits is None and not (chosen["host"] or chosen["model"]):
        limits = str(LIMITS)
    seconds = run_time or _seconds(chosen["rate"] or chosen["stages"])
    log = reports_folder(REPORTS) / "loadtest.log"
    with target(chosen.pop("host"), chosen.pop("mock_url")) as asked:
        targets = {"host": asked.url, "mock-url": asked.mock_url, "limits": limits or None}
        options = {**targets, **locust_load(seconds, **chosen)}
        for left in (SUMMARY, LIVE):
            left.unlink(missing_ok=True)
        run_locust(options, locust_options, log, lambda process: show_progress(process, console, seconds))
    sys.exit(conclude(console, log))


def locust_load(
    seconds: int, *, users: int, processes: int, answer_seconds: float, **same: Any
) -> dict[str, object]:
    """The load in Locust's terms."""
    closed = {"users": users, "spawn-rate": users / SPAWN_SECONDS}
    return {
        **({} if same["rate"] or same["stages"] else closed),
        **({} if same["stages"] else {"run-time": seconds}),
        **{name.replace("_", "-"): value for name, value in same.items()},
        **(several(processes) if processes > 1 else {}),
        "answer-seconds": answer_seconds,
        "stop-timeout": math.ceil(answer_seconds) + STOP_MARGIN_SECONDS,
        "html": REPORTS / "locust.html",
        "report-html": REPORTS / "loadtest.html",
        "answers": REPORTS / "answers.jsonl",
        "report-json": SUMMARY,
        "live": LIVE,
    }


def _seconds(stages: str | None) -> int:
    seconds = load.duration(load.stages_of(stages)) if stages else math.inf
    return math.ceil(seconds) if math.isfinite(seconds) else RUN_SECONDS


def show_progress(process: subprocess.Popen[bytes], console: Console, run_time: int) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=16), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("Users are chatting", total=run_time)
        started = time.monotonic()
        while process.poll() is None:
            said = load.live_line(LIVE) or "Users are chatting"
            progress.update(bar, completed=min(time.monotonic() - started, run_time), description=said)
            time.sleep(0.2)


def conclude(console: Console, log: Path) -> int:
    """Print the result; the exit code."""
    LIVE.unlink(missing_ok=True)
    result = load.read(SUMMARY) if SUMMARY.exists() else load.NOTHING
    if result.asked:
        console.print(load.rendered(result), highlight=False)
    else:
        console.print("\n".join(complaints(log.read_text())), markup=False, highlight=False, soft_wrap=True)
    for reason in load.breaches(result):
        console.print(f"Failed: {reason}", style="red", soft_wrap=True)
    for gate in load.missed(result):
        console.print(f"Limit missed: {gate.name}: {gate.value:g}, limit {gate.limit:g}", style="red")
    for reason in result.doubts:
        console.print(f"INVALID: {reason}", style="yellow", soft_wrap=True, highlight=False)
    if result.right and not result.doubts:
        console.print(f"VALID: {load.kept_up(result)} kept up")
    files = f"Report: {REPORTS / 'loadtest.html'}, figures: {SUMMARY}, what Locust said: {log}"
    console.print(files, style="dim", soft_wrap=True)
    return load.exit_code(result)


if __name__ == "__main__":
    if sys.argv[1:2] == ["diff"]:
        load.diff(sys.argv[2:], prog_name="python -m loadtests diff")
    main()
