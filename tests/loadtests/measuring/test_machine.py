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


def test_the_stolen_share_is_that_of_all_cores_time() -> None:
    assert ProcessorTime(stolen=30, total=1_200).stolen_since(ProcessorTime(stolen=20, total=1_000)) == 0.05
    assert ProcessorTime(20, 1_000).stolen_since(ProcessorTime(20, 1_000)) == 0
