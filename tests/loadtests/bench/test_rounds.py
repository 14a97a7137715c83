"""What fails or is disturbed must not lose the rest of a bench."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from loadtests.bench import rounds
from loadtests.bench.contenders import DIRECT, Contender
from loadtests.bench.measure import Point
from loadtests.bench.report import Bar
from loadtests.bench.rounds import TRIES, available, measurements, own_bars
from loadtests.rig import MissingError

POINT = Point(streams=3, per_second=100, tokens=20, ramp_seconds=0.02)
BROKEN = Contender("broken", lambda _: ["sh", "-c", "echo no such thing; exit 3"])


def uninstallable(_: object) -> list[str]:
    raise MissingError("uv pip failed: no such version")


def test_who_does_not_start_or_install_is_left_out_and_named() -> None:
    told: list[str] = []
    there = available([BROKEN, Contender("not there", uninstallable), DIRECT], told.append)

    assert there == [DIRECT]
    assert [line.split(": ")[1] for line in told] == ["broken", "not there"]
    assert "no such thing" in told[0]
    assert "no such version" in told[1]


@pytest.mark.thorough
def test_both_clients_ask_and_one_that_breaks_later_loses_only_its_own_rows() -> None:
    told: list[str] = []
    done = list(measurements([BROKEN, DIRECT], [POINT], ["asleep", "awake"], 1, told.append))

    assert {(one.contender, one.client) for one in done} == {(DIRECT.name, "asleep"), (DIRECT.name, "awake")}
    assert len(told) == 2 * TRIES
    assert all(line.startswith("broken, 3 streams: StartError") for line in told)


def test_a_disturbed_measurement_is_made_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loadtests.bench.measure.disturbances", lambda *_: ("planted",))
    done = list(measurements([DIRECT], [POINT], ["asleep"], 1, lambda _: None))

    assert [one.disturbances for one in done] == [("planted",)] * TRIES


def bar_of(what: Callable[[], Bar], monkeypatch: pytest.MonkeyPatch) -> tuple[Bar, list[str]]:
    told: list[str] = []
    (bar,) = own_bars(told.append, [("the bar", what)])
    return bar, told


def test_a_bar_that_breaks_is_missed_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Bar:
        raise ConnectionError("reset by peer")

    bar, told = bar_of(broken, monkeypatch)
    assert (bar.what, bar.met, bar.said) == ("the bar", False, "ConnectionError: reset by peer")
    assert len(told) == TRIES


def test_a_bar_whose_run_was_disturbed_has_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    bar, _ = bar_of(lambda: Bar("flat", 1.15, 1.0, said="1.90 tokens a read"), monkeypatch)

    assert math.isnan(bar.value)
    assert not bar.met


def test_a_quiet_bar_is_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "DISTURBING_SHARE", 1.0)
    bar, told = bar_of(lambda: Bar("flat", 1.15, 1.0), monkeypatch)

    assert (bar.met, len(told)) == (True, 1)
