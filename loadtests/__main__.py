"""Runs the default load test against the stack or a given app: the table, an HTML report, the exit code."""

import contextlib
import math
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from loadtests.load import report, slo
from loadtests.rig import HOST, ROOT, end_groups, free_port
from loadtests.stack import Stack, StackError

REPORTS = Path("reports")
# Longer than any answer may take: one that is cut off would leave no sample, and slow ones go first.
STOP_MARGIN_SECONDS = 5
TERMINATION_SECONDS = 5
SPAWN_SECONDS = 2
LOG_LINES = 20
WIDTH = 100
"""Columns of output that goes into a file."""


@click.command()
@click.option("--users", default=20, show_default=True, type=click.IntRange(1), help="How many chat at once.")
@click.option(
    "--run-time", default=30, show_default=True, type=click.IntRange(1), help="For how many seconds."
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
def main(
    users: int,
    run_time: int,
    host: str | None,
    mock_url: str | None,
    model: str | None,
    answer_seconds: float,
    processes: int,
    seed: int,
) -> None:
    """Let users chat, streaming and blocking, and compare every answer with the expected text.

    Prints the times of the right answers and leaves reports/loadtest.html and reports/loadtest.json. The exit
    code is 1 if any answer was wrong or unfinished, or none was made.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminate)
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    with app(host, mock_url) as (url, mock):
        options = {
            "host": url,
            "mock-url": mock,
            "model": model,
            "users": users,
            "spawn-rate": users / SPAWN_SECONDS,
            "run-time": run_time,
            "seed": seed,
            **(several(processes) if processes > 1 else {}),
            "answer-seconds": answer_seconds,
            "stop-timeout": math.ceil(answer_seconds) + STOP_MARGIN_SECONDS,
            "html": REPORTS / "loadtest.html",
            "report-json": REPORTS / "loadtest.json",
        }
        log = run_locust(options, console, run_time)
    sys.exit(conclude(console, log))


def several(processes: int) -> dict[str, object]:
    """Load generators that meet on a port of their own: another run's would join on Locust's default one."""
    port = free_port()
    return {"processes": processes, "master-port": port, "master-bind-port": port, "master-bind-host": HOST}


@contextlib.contextmanager
def app(host: str | None, mock_url: str | None) -> Iterator[tuple[str, str | None]]:
    """The URL of the app and, where it is known, of the mock behind it."""
    if host:
        yield host, mock_url
        return
    try:
        # A system prompt would be part of what the mock answers, and is none of the expected text.
        with Stack(env={"CHAT_SYSTEM_PROMPT": ""}) as stack:
            yield stack.url, stack.mock_url
    except StackError as error:
        raise click.ClickException(str(error)) from error


def run_locust(options: Mapping[str, object], console: Console, run_time: int) -> Path:
    """Run Locust to its end, or until somebody ends this process; the file with all that it said."""
    REPORTS.mkdir(exist_ok=True)
    log = REPORTS / "loadtest.log"
    (REPORTS / "loadtest.json").unlink(missing_ok=True)
    command = [sys.executable, "-m", "locust", "-f", str(ROOT / "loadtests" / "locustfile.py")]
    command += ["--headless", "--only-summary", "--exit-code-on-error", "1"]
    command += [f"--{name}={value}" for name, value in options.items() if value is not None]
    with log.open("wb") as output:
        # A group of its own: Ctrl-C reaches it once, from here, and nothing of it outlives this process.
        process = subprocess.Popen(  # noqa: S603 - ours
            command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        await_end(process, console, run_time)
    finally:
        end_groups([process], TERMINATION_SECONDS)
    return log


def await_end(process: subprocess.Popen[bytes], console: Console, run_time: int) -> None:
    """Wait for the run's end. Ctrl-C ends it after the answers under way, SIGTERM soon; both report."""
    patience = None
    try:
        show_progress(process, console, run_time)
    except TerminatedError:
        patience = TERMINATION_SECONDS
    except KeyboardInterrupt:
        pass
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            process.wait(patience)


class TerminatedError(KeyboardInterrupt):
    """SIGTERM has come, or the terminal has gone."""


def _terminate(*_: object) -> None:
    raise TerminatedError


def show_progress(process: subprocess.Popen[bytes], console: Console, run_time: int) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("Users are chatting", total=run_time)
        started = time.monotonic()
        while process.poll() is None:
            progress.update(bar, completed=min(time.monotonic() - started, run_time))
            time.sleep(0.1)


def conclude(console: Console, log: Path) -> int:
    """Print the result; the exit code."""
    path = REPORTS / "loadtest.json"
    result = report.read(path) if path.exists() else report.NOTHING
    if result.asked:
        console.print(report.rendered(result))
    else:
        console.print("\n".join(complaints(log.read_text())), markup=False, highlight=False, soft_wrap=True)
    for reason in slo.doubts(result):
        console.print(f"Doubtful: {reason}", style="yellow")
    for reason in slo.breaches(result):
        console.print(f"Failed: {reason}", style="red")
    files = f"Charts: {REPORTS / 'loadtest.html'}, figures: {path}, what Locust said: {log}"
    console.print(files, style="dim", soft_wrap=True)
    return slo.exit_code(result)


def complaints(log: str) -> list[str]:
    """The lines of Locust's log that say why nothing happened, or its end."""
    lines = log.splitlines()
    return [line for line in lines if "/ERROR/" in line] or lines[-LOG_LINES:]


if __name__ == "__main__":
    main()
