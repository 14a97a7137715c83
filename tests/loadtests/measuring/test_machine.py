"""What the machine has done, and what was taken from it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from loadtests.measuring import machine
from loadtests.measuring.machine import ProcessorTime, processor_time


def test_the_machines_time_goes_on() -> None:
    before = processor_time()
    time.sleep(0.05)
    after = processor_time()

    assert after.total > before.total
    assert 0 <= after.stolen_since(before) <= 1


def test_without_proc_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "STAT", tmp_path / "stat")
    assert processor_time() == ProcessorTime(0, 0)


def test_a_core_has_a_time_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stat = tmp_path / "stat"
    stat.write_text(
        "cpu  6 0 4 30 2 0 1 3 0 0\ncpu0 1 0 1 20 1 0 1 1 0 0\ncpu1 5 0 3 10 1 0 0 2 0 0\n"
        "cpu10 9 9 9 9 9 9 9 9 0 0\nintr 12 0\n"
    )
    monkeypatch.setattr(machine, "STAT", stat)
    assert processor_time() == ProcessorTime(stolen=3, total=46, idle=32, worked=10)
    assert processor_time(on=[1]) == ProcessorTime(stolen=2, total=21, idle=11, worked=8)
    assert processor_time(on=[0, 1]) == processor_time()


def test_the_stolen_share_is_that_of_all_cores_time() -> None:
    assert ProcessorTime(stolen=30, total=1_200).stolen_since(ProcessorTime(stolen=20, total=1_000)) == 0.05
    assert ProcessorTime(20, 1_000).stolen_since(ProcessorTime(20, 1_000)) == 0
