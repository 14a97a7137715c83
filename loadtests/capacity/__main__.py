"""`make capacity`: the highest arrival rate and number of open streams that meet the limits."""

import re
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from loadtests.capacity import result
from loadtests.capacity.asking import Asking, NothingAskedError
from loadtests.capacity.page.page import page
from loadtests.capacity.searching import Effort, findings, searches
from loadtests.load import LimitsError, about, read_limits
from loadtests.stack import complaints, end_soon_on_sigterm, target

FOLDER = Path("reports") / "capacity"
LIMITS = Path(__file__).parents[1] / "capacity.toml"
WIDTH = 110
"""Columns of output that goes into a file."""


WHOLE = Effort(minutes=10, step_seconds=12, warm_up_seconds=3, resolution=1.1, repeats=3)
QUICK = Effort(minutes=3, step_seconds=6, warm_up_seconds=2.5, resolution=1.25, repeats=2)


def _span(_: click.Context, parameter: click.Parameter, text: str) -> tuple[float, float]:
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)-([0-9]+(?:\.[0-9]+)?)", text)
    if not found or not 0 < float(found[1]) <= float(found[2]):
        raise click.BadParameter(f"expected START-MOST, such as 10-2000; got {text!r}", param=parameter)
    return float(found[1]), float(found[2])


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--quick", is_flag=True, help="Three minutes and a wider interval instead of ten.")
@click.option("--only", type=click.Choice(["rate", "streams"]), help="Search for one of the two.")
@click.option(
    "--minutes", type=click.FloatRange(0.1), help="For all of it.  [default: 10, or 3 with --quick]"
)
@click.option(
    "--step-seconds",
    type=click.IntRange(1),
    help="Of each run, behind its warm-up.  [default: 12, or 6 with --quick]",
)
@click.option(
    "--rates",
    default="20-5000",
    show_default=True,
    callback=_span,
    metavar="START-MOST",
    help="Answers asked for a second: where to begin, and what not to exceed.",
)
@click.option(
    "--streams",
    default="40-10000",
    show_default=True,
    callback=_span,
    metavar="START-MOST",
    help="The same for open streams.",
)
@click.option("--limits", help="TOML file of what a level must hold.  [default: loadtests/capacity.toml]")
@click.option("--host", help="URL of a running app; without it, app and mock are started for the search.")
@click.option(
    "--mock-url", help="URL of the mock behind --host; without it, texts are asked through the app."
)
@click.option("--model", help="Model of the mock to ask for.")
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1), help="Load generators.")
@click.option("--seed", default=1, show_default=True, help="Decides questions and arrivals.")
@click.argument("locust_options", nargs=-1, type=click.UNPROCESSED)
def main(*, quick: bool, only: str | None, **chosen: Any) -> None:
    """Search for the highest arrival rate, and number of open streams, that meet the limits.

    Each level is a run of the load test of its own, and must be VALID: the level is doubled until a run
    misses a limit, the bracket is halved, and both ends of what remains are repeated. All further options are
    those of `locust -f loadtests/locustfile.py`, such as --api completions. Prints the capacity with its
    interval and the knee of its curve, and leaves reports/capacity/index.html and summary.json, with the
    figures of each run.

    Exit codes: 0 found; 1 nothing could be asked; 3 even the lowest level missed a limit; 4 runs were INVALID
    before a limit was missed: load generator, mock or machine gave out first, and the answer is "at least".
    """
    end_soon_on_sigterm()
    limits = _limits(chosen.pop("limits"), is_strange=bool(chosen["host"] or chosen["model"]))
    effort = QUICK if quick else WHOLE
    spans = {"rate": chosen.pop("rates"), "streams": chosen.pop("streams")}
    seconds = 60 * (chosen.pop("minutes") or effort.minutes)
    chosen["seconds"] = chosen.pop("step_seconds") or effort.step_seconds
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with target(chosen.pop("host"), chosen.pop("mock_url"), yields=True) as asked:
        asking = Asking(asked, limits, FOLDER, warm_up_seconds=effort.warm_up_seconds, **chosen)
        try:
            found = tuple(findings(searches(asking, spans, effort, only), console, seconds))
        except NothingAskedError as error:
            raise click.ClickException("\n".join(complaints(str(error)))) from error
    about_run = {"host": asked.url, "model": chosen["model"], "seed": chosen["seed"], **about()}
    conclude(result.Capacity(about_run, limits.read_text(), found), console)


def conclude(capacity: result.Capacity, console: Console) -> None:
    """Print the answer, leave the reports, exit."""
    result.write(capacity, FOLDER / "summary.json")
    (FOLDER / "index.html").write_text(page(capacity))
    for line in result.lines(capacity.findings):
        console.print(line, soft_wrap=True, highlight=False)
    console.print(f"Report: {FOLDER / 'index.html'}, figures: {FOLDER / 'summary.json'}", style="dim")
    sys.exit(result.exit_code(capacity.findings))


def _limits(text: str | None, *, is_strange: bool) -> Path:
    if text is None and is_strange:
        raise click.UsageError(
            "expected --limits with --host or --model, which the default ones know nothing of"
        )
    path = Path(text) if text else LIMITS
    try:
        read_limits(path)
    except LimitsError as error:
        raise click.BadParameter(str(error), param_hint="--limits") from error
    return path


if __name__ == "__main__":
    main()
