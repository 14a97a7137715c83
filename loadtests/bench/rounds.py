"""The rounds of a bench: who is measured when, and again where something else disturbed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from loadtests.bench import bars
from loadtests.bench.contenders import Contender
from loadtests.bench.measure import Measurement, Point, measure
from loadtests.bench.report import Bar
from loadtests.bench.stand import stand
from loadtests.measuring import DISTURBING_SHARE, processor_time
from loadtests.rig import ClientMode, MissingError

TRIES = 3

TROUBLE = (MissingError, OSError, RuntimeError, ArithmeticError)
"""What may befall one stack or one bar, and must not lose the others."""

Told = Callable[[str], None]


def available(contenders: Sequence[Contender], tell: Told) -> list[Contender]:
    """Those that start here; installs what they need, tells who is missing and why."""
    there = []
    for contender in contenders:
        try:
            with stand(contender):
                there.append(contender)
        except TROUBLE as error:
            tell(f"Left out: {contender.name}: {error}")
    return there


def measurements(
    contenders: Sequence[Contender],
    points: Sequence[Point],
    clients: Sequence[ClientMode],
    rounds: int,
    tell: Told,
) -> Iterator[Measurement]:
    """Each stack once a round at each load, in turn, so that the machine's moods fall on all of them.

    Each client asks a process that has just begun, and their order changes from round to round.
    """
    for point in points:
        for number in range(rounds):
            for contender in contenders:
                for client in clients[:: -1 if number % 2 else 1]:
                    yield from _of_one(contender, point, client, tell)


def _of_one(contender: Contender, point: Point, client: ClientMode, tell: Told) -> Iterator[Measurement]:
    """One stack under one load; again, up to TRIES times, where something disturbed it."""
    for _ in range(TRIES):
        try:
            with stand(contender) as running:
                measured = measure(running, point, client)
        except TROUBLE as error:
            tell(f"{contender.name}, {point.streams} streams: {type(error).__name__}: {error}")
        else:
            yield measured
            if not measured.disturbances:
                return


OWN_BARS: tuple[tuple[str, Callable[[], Bar]], ...] = (
    ("one at a time", lambda: bars.one_at_a_time(500)),
    ("many streams", bars.many_streams),
    ("flat cost", bars.flat_cost),
    ("one after another", lambda: bars.one_after_another(1000)),
    ("start", lambda: bars.start(5)),
)


def own_bars(tell: Told, runs: Sequence[tuple[str, Callable[[], Bar]]] = OWN_BARS) -> Iterator[Bar]:
    """The bars that need runs of their own; again, up to TRIES times, where they were disturbed."""
    for name, run in runs:
        for _ in range(TRIES):
            bar = _undisturbed(name, run)
            tell(f"{bar.what}: {bar.value:.3g}{bar.unit} {bar.said}".rstrip())
            if not bar.said:
                break
        yield bar


def _undisturbed(name: str, run: Callable[[], Bar]) -> Bar:
    """The bar; without a value where it could not be got, or says more of the machine's neighbours."""
    before = processor_time()
    try:
        bar = run()
    except TROUBLE as error:
        return Bar(name, 0, float("nan"), said=f"{type(error).__name__}: {error}")
    stolen = processor_time().stolen_since(before)
    if stolen > DISTURBING_SHARE:
        bar = replace(bar, said=f"{stolen:.1%} of the machine's time stolen")
    return replace(bar, value=float("nan")) if bar.said else bar
