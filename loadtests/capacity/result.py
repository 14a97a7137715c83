"""The result of the command as a value, as JSON and as lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from rich.text import Text

from loadtests.capacity.finding import Finding, Known, sentence
from loadtests.capacity.search import Outcome
from loadtests.capacity.step import Step

FOUND, NOTHING, MISSED, INVALID = 0, 1, 3, 4
"""The exit codes: those of the load test."""
CODES = {
    Known.BETWEEN: FOUND,
    Known.NOT_ASKED: FOUND,
    Known.BELOW: MISSED,
    Known.AT_LEAST: INVALID,
    Known.UNKNOWN: INVALID,
}
STYLES = {Outcome.MET: "green", Outcome.MISSED: "red", Outcome.INVALID: "yellow"}


@dataclass(frozen=True)
class Capacity:
    """What `make capacity` has found."""

    about: dict[str, str | int | None]
    limits: str
    """The TOML file, as it was read."""
    findings: tuple[Finding, ...]


def write(capacity: Capacity, path: Path) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(capacity)) + b"\n")


def exit_code(findings: Sequence[Finding]) -> int:
    """The highest: what could not be measured goes before what was not held."""
    return max((CODES[found.known] for found in findings), default=NOTHING)


def step_line(step: Step, unit: str) -> Text:
    """One run, as it ends."""
    figures = f"TTFT p95 {_shown(step.ttft_p95_ms)} ms, goodput {step.good_rate:.1f}/s"
    if step.cores:
        figures += ", cores: " + ", ".join(f"{name} {share:.0%}" for name, share in step.cores.items())
    why = f": {'; '.join(step.reasons)}" if step.reasons else ""
    return Text.assemble(
        f"  {step.level:g} {unit}: ", (step.outcome.value, STYLES[step.outcome]), f", {figures}{why}"
    )


def lines(findings: Sequence[Finding]) -> Iterator[Text]:
    for found in findings:
        style = "green" if CODES[found.known] == FOUND else "yellow"
        yield Text(f"Capacity, {found.of}: {sentence(found)}", style=style)
        if found.known is Known.BETWEEN:
            yield Text(f"  What gives out first: {'; '.join(found.why)}")
        if found.knee is not None:
            yield Text(f"  Knee of the curve: {found.knee:g} {found.unit}")


def _shown(milliseconds: float | None) -> str:
    return "–" if milliseconds is None else f"{milliseconds:.0f}"
