import os

import pytest

from loadtests.capacity.levels.crowd import Crowd, said
from loadtests.measuring import ProcessorTime

TICKS = os.sysconf("SC_CLK_TCK")
BUSY = (ProcessorTime(0, 0), ProcessorTime(0, total=10 * TICKS, idle=0, worked=8 * TICKS))
"""Ten seconds in which processes had eight."""


@pytest.mark.parametrize(
    ("others", "idle", "disturbs"),
    [(0.3, 0.0, True), (0.3, 0.5, False), (0.1, 0.0, False), (-0.01, 0.1, False)],
)
def test_others_disturb_where_no_core_is_idle(others: float, idle: float, disturbs: bool) -> None:
    assert bool(said(others, idle)) == disturbs


def test_what_is_said_names_the_shares() -> None:
    assert said(0.3, 0.02) == ("other processes took 30% of the machine, limit 10%, with 2% idle",)


@pytest.mark.parametrize(
    ("own", "complaints"),
    [
        (2.0, ("other processes took 60% of the machine, limit 10%, with 0% idle",)),
        (8.0, ()),
    ],
)
def test_what_is_not_ours_is_others(
    own: float, complaints: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    used, machine = iter([1.0, 1.0 + own]), iter(BUSY)
    monkeypatch.setattr("loadtests.capacity.levels.crowd.cpu_seconds", lambda _: next(used))
    monkeypatch.setattr("loadtests.capacity.levels.crowd.processor_time", lambda: next(machine))
    assert Crowd().disturbances() == complaints
