"""`make capacity`: the highest arrival rate and number of open streams that meet the limits."""

import contextlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from loadtests.capacity import result
from loadtests.capacity.levels.by_locust import ByLocust, NothingAskedError
from loadtests.capacity.levels.by_rig import ByRig
from loadtests.capacity.levels.stand import stand
from loadtests.capacity.page.page import page
from loadtests.capacity.searching import Effort, Level, findings, searches
from loadtests.load import LimitsError, about, read_limits
from loadtests.rig import StartError
from loadtests.stack import complaints, end_soon_on_sigterm, reports_folder, target

FOLDER = Path("reports") / "capacity"
RIG, LOCUST = "rig", "locust"
LIMITS = {name: Path(__file__).with_name(f"{name}.toml") for name in (RIG, LOCUST)}
SPANS = {
    RIG: {"rate": (50.0, 5000.0), "streams": (100.0, 5000.0)},
    LOCUST: {"rate": (20.0, 5000.0), "streams": (40.0, 10000.0)},
}
WIDTH = 110
"""Columns of output that goes into a file."""


WHOLE = Effort(minutes=10, step_seconds=12, warm_up_seconds=3, resolution=1.1, repeats=3)
QUICK = Effort(minutes=3, step_seconds=6, warm_up_seconds=2.5, resolution=1.25, repeats=2)


def _span(_: click.Context, parameter: click.Parameter, text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)-([0-9]+(?:\.[0-9]+)?)", text)
    if not found or not 0 < float(found[1]) <= float(found[2]):
        raise click.BadParameter(f"expected START-MOST, such as 10-2000; got {text!r}", param=parameter)
    return float(found[1]), float(found[2])


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--quick", is_flag=True, help="Three minutes and a wider interval instead of ten.")
@click.option("--only", type=click.Choice(["rate", "streams"]), help="Search for one of the two.")
@click.option(
    "--client",
    type=click.Choice([RIG, LOCUST]),
    help="Who asks: the bench's, of the app alone on a core, or Locust's users.  [default: rig; locust with"
    " --host, --model or options of Locust]",
)
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
    callback=_span,
    metavar="START-MOST",
    help="Answers asked for a second: where to begin, and what not to exceed.  [default: 50-5000, of locust"
    " 20-5000]",
)
@click.option(
    "--streams",
    callback=_span,
    metavar="START-MOST",
    help="The same for open streams.  [default: 100-5000, of locust 40-10000]",
)
@click.option(
    "--limits",
    help="TOML file of what a level must hold.  [default: loadtests/capacity/rig.toml, or locust.toml]",
)
@click.option("--host", help="URL of a running app; without it, one is started for the search.")
@click.option(
    "--mock-url", help="URL of the mock behind --host; without it, texts are asked through the app."
)
@click.option("--model", help="Model of the mock to ask for.")
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1), help="Load generators.")
@click.option("--seed", default=1, show_default=True, help="Decides questions and arrivals.")
@click.argument("locust_options", nargs=-1, type=click.UNPROCESSED)
def main(*, quick: bool, only: str | None, client: str | None, **chosen: Any) -> None:
    """Search for the highest arrival rate, and number of open streams, that meet the limits.

    Each level is a run of its own, and must be VALID: the level is doubled until a run misses a limit, the
    bracket is halved, and both ends of what remains are repeated. By default one worker of the app is asked,
    on a core of its own, by a client and in front of an upstream that cost a fraction of it; --client locust
    asks app and mock by the load test's users, whose options all pass through, such as --api completions.
    Prints the capacity with its interval and the knee of its curve, and leaves reports/capacity/index.html
    and summary.json, with the figures of each run.

    Exit codes: 0 found; 1 nothing could be asked; 3 even the lowest level missed a limit; 4 runs were INVALID
    before a limit was missed: client, upstream or machine gave out first, and the answer is "at least".
    """
    end_soon_on_sigterm()
    client = _client(client, chosen)
    limits = _limits(chosen.pop("limits"), client, is_strange=bool(chosen["host"] or chosen["model"]))
    effort = QUICK if quick else WHOLE
    spans = {
        "rate": chosen.pop("rates") or SPANS[client]["rate"],
        "streams": chosen.pop("streams") or SPANS[client]["streams"],
    }
    seconds = 60 * (chosen.pop("minutes") or effort.minutes)
    chosen["seconds"] = chosen.pop("step_seconds") or effort.step_seconds
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    reports_folder(FOLDER)
    about_run = {"client": client, "model": chosen["model"], "seed": chosen["seed"], **about()}
    asking = _by_rig if client == RIG else _by_locust
    with asking(limits, effort.warm_up_seconds, **chosen) as (url, level):
        try:
            found = tuple(findings(searches(level, spans, effort, only), console, seconds))
        except NothingAskedError as error:
            raise click.ClickException("\n".join(complaints(str(error)))) from error
    conclude(result.Capacity({"host": url, **about_run}, limits.read_text(), found), console)


@contextlib.contextmanager
def _by_rig(
    limits: Path, warm_up_seconds: float, *, seconds: int, seed: int, **_: Any
) -> Iterator[tuple[str, Level]]:
    try:
        with stand() as there:
            yield there.url, ByRig(there, limits, seconds, warm_up_seconds, seed)
    except StartError as error:
        raise click.ClickException(str(error)) from error


@contextlib.contextmanager
def _by_locust(
    limits: Path, warm_up_seconds: float, *, host: str | None, mock_url: str | None, **chosen: Any
) -> Iterator[tuple[str, Level]]:
    with target(host, mock_url, yields=True) as asked:
        yield asked.url, ByLocust(asked, limits, FOLDER, warm_up_seconds=warm_up_seconds, **chosen)


def _client(client: str | None, chosen: dict[str, Any]) -> str:
    """Raises UsageError where the rig is to do what only Locust can."""
    of_locust = [name for name in ("host", "mock_url", "model", "locust_options") if chosen[name]] + [
        "processes"
    ] * (chosen["processes"] > 1)
    if client == RIG and of_locust:
        raise click.UsageError(
            f"--client rig: expected no {of_locust[0].replace('_', '-')}, which is for locust"
        )
    return client or (LOCUST if of_locust else RIG)


def conclude(capacity: result.Capacity, console: Console) -> None:
    """Print the answer, leave the reports, exit."""
    result.write(capacity, FOLDER / "summary.json")
    (FOLDER / "index.html").write_text(page(capacity))
    for line in result.lines(capacity.findings):
        console.print(line, soft_wrap=True, highlight=False)
    console.print(f"Report: {FOLDER / 'index.html'}, figures: {FOLDER / 'summary.json'}", style="dim")
    sys.exit(result.exit_code(capacity.findings))


def _limits(text: str | None, client: str, *, is_strange: bool) -> Path:
    if text is None and is_strange:
        raise click.UsageError(
            "expected --limits with --host or --model, which the default ones know nothing of"
        )
    path = Path(text) if text else LIMITS[client]
    try:
        read_limits(path)
    except LimitsError as error:
        raise click.BadParameter(str(error), param_hint="--limits") from error
    return path


if __name__ == "__main__":
    main()
