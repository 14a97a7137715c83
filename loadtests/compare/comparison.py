"""What the samples of the founding measurement say: medians, and what the app added."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from rich.box import SIMPLE_HEAD
from rich.table import Table

from loadtests.compare.founding import ARMS, Sample
from loadtests.measuring import median_interval

TOTAL_LIMIT = 0.002
FIRST_TEXT_LIMIT_SECONDS = 0.010
"""Measured: 0.04 to 0.09 %, and 3.5 to 7.5 ms, more where a machine's cores fall asleep between tokens."""


@dataclass(frozen=True)
class Spread:
    """The median of some seconds, and the interval that holds it with 95 % confidence."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.3f} ({self.low:.3f}–{self.high:.3f})"


@dataclass(frozen=True)
class Summary:
    """One arm over all rounds; what was added is the median over the rounds, each against its own mock."""

    mode: str
    target: str
    first_text: Spread
    total: Spread
    first_text_added: Spread
    total_added: Spread
    texts: float
    bytes: float | None
    segments: float | None
    cpu_milliseconds: dict[str, float]


@dataclass(frozen=True)
class Check:
    """A bar, and whether it was met."""

    claim: str
    holds: bool


def summaries(samples: Sequence[Sample]) -> list[Summary]:
    """One summary an arm, of samples that came round by round."""
    return [
        _summary(_of(samples, arm.target, arm.mode), _of(samples, "mock", arm.mode))
        for arm in sorted(ARMS, key=lambda arm: (arm.mode, arm.target != "mock"))
    ]


def _of(samples: Sequence[Sample], target: str, mode: str) -> list[Sample]:
    return [sample for sample in samples if (sample.target, sample.mode) == (target, mode)]


def _summary(own: list[Sample], direct: list[Sample]) -> Summary:
    pairs = list(zip(own, direct, strict=True))
    return Summary(
        mode=own[0].mode,
        target=own[0].target,
        first_text=_spread([each.first_text_seconds for each in own]),
        total=_spread([each.total_seconds for each in own]),
        first_text_added=_spread(
            [each.first_text_seconds - other.first_text_seconds for each, other in pairs]
        ),
        total_added=_spread([each.total_seconds - other.total_seconds for each, other in pairs]),
        texts=mean(each.texts for each in own),
        bytes=_mean([each.bytes for each in own]),
        segments=_mean([each.segments for each in own]),
        cpu_milliseconds={
            name: 1000 * mean(each.cpu_seconds[name] for each in own) for name in own[0].cpu_seconds
        },
    )


def _spread(seconds: list[float]) -> Spread:
    return Spread(median(seconds), *median_interval(seconds))


def _mean(counts: list[int | None]) -> float | None:
    known = [count for count in counts if count is not None]
    return mean(known) if known else None


def checks(found: Sequence[Summary]) -> list[Check]:
    """The bars that the app is held to when it streams: with the upper end of what was found."""
    [streamed] = (each for each in found if (each.target, each.mode) == ("app", "streaming"))
    limits = TOTAL_LIMIT, FIRST_TEXT_LIMIT_SECONDS * 1000
    added = streamed.first_text_added
    own_total = streamed.total.median - streamed.total_added.median
    share, most = streamed.total_added.median / own_total, streamed.total_added.high / own_total
    return [
        Check(
            f"streaming adds {share:+.2%} (at most {most:+.2%}) to the mock's total (limit {limits[0]:.1%})",
            most <= limits[0],
        ),
        Check(
            f"streaming adds {_milliseconds(added)} ms to the mock's first text (limit {limits[1]:.0f} ms)",
            added.high * 1000 <= limits[1],
        ),
    ]


def waits(found: Sequence[Summary]) -> Table:
    """What the user waits for."""
    table = _table("Seconds until the user sees text, and until all of it: median (95 % interval)")
    for heading in ("first text", "app adds, ms", "total", "app adds, ms"):
        table.add_column(heading, justify="right", overflow="fold")
    for each in found:
        first_text_added, total_added = (
            "" if each.target == "mock" else _milliseconds(seconds)
            for seconds in (each.first_text_added, each.total_added)
        )
        row = (str(each.first_text), first_text_added, str(each.total), total_added)
        table.add_row(each.mode, each.target, *row)
    return table


def _milliseconds(added: Spread) -> str:
    return f"{1000 * added.median:+.1f} ({1000 * added.low:+.1f}–{1000 * added.high:+.1f})"


def costs(found: Sequence[Summary]) -> Table:
    """What an answer costs on the way: the bytes and packets of the reader's connection, and CPU time."""
    names = list(found[0].cpu_milliseconds)
    table = _table("Mean of one answer, as its reader gets it, and the CPU milliseconds it costs")
    for heading in ("texts", "bytes", "packets", *(f"CPU {name}" for name in names)):
        table.add_column(heading, justify="right")
    for each in found:
        counts = (
            "?" if count is None else f"{count:,.0f}" for count in (each.texts, each.bytes, each.segments)
        )
        cpu = (f"{each.cpu_milliseconds[name]:.1f}" for name in names)
        table.add_row(each.mode, each.target, *counts, *cpu)
    return table


def _table(title: str) -> Table:
    return Table("mode", "asked", title=title, title_justify="left", box=SIMPLE_HEAD, show_edge=False)
