"""Blocking against streaming, as `make compare`: what the user waits for, and what the app adds."""

import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from loadtests.chat import BadAnswerError, Client, ClientError, undelayed
from loadtests.compare.comparison import Check, Summary, checks, costs, summaries, waits
from loadtests.compare.founding import ARMS, Arm, Sample, expected_text, sample, slow_reader
from loadtests.rig import StartError
from loadtests.stack import MODEL, Stack, end_soon_on_sigterm

REPORT = Path("reports/compare.json")
FOUNDING_STREAM_SECONDS = 30.93
SEED = 1
WIDTH = 110
"""Columns of output that goes into a file."""


@dataclass(frozen=True)
class SlowReader:
    """The answer of a reader who pauses after each event: the reader's total, and the app's own."""

    pause_seconds: float
    total_seconds: float
    app_total_seconds: float


@dataclass(frozen=True)
class Comparison:
    """All that the command found."""

    model: str
    rounds: int
    summaries: list[Summary]
    checks: list[Check]
    slow_reader: SlowReader
    samples: list[Sample]


@click.command()
@click.option("--rounds", default=6, show_default=True, type=click.IntRange(1), help="Times each is asked.")
@click.option("--model", default=MODEL, show_default=True, help="Model of the mock to ask for.")
@click.option(
    "--slow-seconds",
    default=FOUNDING_STREAM_SECONDS,
    show_default=True,
    help="Time of a slow reader.",
)
def main(rounds: int, model: str, slow_seconds: float) -> None:
    """Ask the founding question in both modes, through the app and straight from the mock, in rounds.

    Prints the waits, what the app added and what an answer costs, and leaves reports/compare.json. The exit
    code is 1 if an answer was wrong or the app added more than it may.
    """
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # Redrawn but twice a second: the reader must have the interpreter when a token comes.
    progress = Progress(*columns, console=console, transient=True, refresh_per_second=2)
    try:
        with Stack(env={"CHAT_SYSTEM_PROMPT": ""}) as stack, progress:
            found = compare(stack, model, rounds, slow_seconds, progress)
    except (BadAnswerError, ClientError, StartError) as error:
        raise click.ClickException(str(error)) from error
    show(found, console)
    sys.exit(0 if all(check.holds for check in found.checks) else 1)


def compare(stack: Stack, model: str, rounds: int, slow_seconds: float, progress: Progress) -> Comparison:
    """Measure everything, one answer at a time."""
    process_ids = {"app": stack.processes["web"].pid, "mock": stack.processes["mockllm"].pid}
    with ExitStack() as open_clients:
        urls = {"app": stack.url, "mock": stack.mock_url}
        clients = {arm: open_clients.enter_context(Client(urls[arm.target])) for arm in ARMS}
        text = one_text(clients, model)
        bar = progress.add_task("Asking", total=rounds * len(ARMS) + 1)
        samples = []
        for arm in shuffled(rounds):
            progress.update(bar, description=f"Asking the {arm.target}, {arm.mode}")
            samples.append(sample(arm, clients[arm], model, text, process_ids))
            progress.advance(bar)
        progress.update(bar, description="Reading slowly")
        slow = read_slowly(clients[ARMS[-1]], model, text, samples, slow_seconds)
        progress.advance(bar)
    found = summaries(samples)
    return Comparison(model, rounds, found, checks(found), slow, samples)


def shuffled(rounds: int) -> Iterator[Arm]:
    """Each way of asking once a round, in another order each time: none always comes after the same other."""
    choices = random.Random(SEED)
    for _ in range(rounds):
        yield from choices.sample(ARMS, len(ARMS))


def one_text(clients: dict[Arm, Client], model: str) -> str:
    """The text that every way of asking must give; raises BadAnswerError if they differ."""
    texts = {expected_text(arm, client, undelayed(model)) for arm, client in clients.items()}
    if len(texts) != 1:
        raise BadAnswerError("the same question got different texts")
    return texts.pop()


def read_slowly(client: Client, model: str, text: str, samples: list[Sample], seconds: float) -> SlowReader:
    """Pause so long after each event that an answer of as many events as the samples takes these seconds."""
    events = max(each.texts for each in samples)
    pause = max(0.0, seconds - min(each.first_text_seconds for each in samples)) / events
    return SlowReader(pause, *slow_reader(client, model, text, pause))


def show(found: Comparison, console: Console) -> None:
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_bytes(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    console.print(waits(found.summaries), "", costs(found.summaries), "")
    slow = found.slow_reader
    console.print(
        f"A reader who pauses {slow.pause_seconds * 1000:.1f} ms after each event has all of it after "
        f"{slow.total_seconds:.2f} s; the app had sent it after {slow.app_total_seconds:.2f} s."
    )
    for check in found.checks:
        verdict, style = ("Holds", "green") if check.holds else ("Failed", "red")
        console.print(f"{verdict}: {check.claim}", style=style, soft_wrap=True)
    console.print(f"Every sample: {REPORT}", style="dim")


if __name__ == "__main__":
    end_soon_on_sigterm()
    main()
