"""Cores are shared out where the system lets them be, and the bench starts where it does not."""

import os
import subprocess
import sys

import pytest

from loadtests.rig import ROOT, Cores, cores, on_cores


def test_load_and_what_is_measured_are_apart_where_there_are_two_cores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 1, 2}, raising=False)
    assert cores() == Cores(load=frozenset({2, 3}), measured=frozenset({1}))
    assert cores().are_apart


def test_one_core_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert cores() == Cores(frozenset({0}), frozenset({0}))
    assert not cores().are_apart


def test_where_no_core_can_be_chosen_all_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert not cores().are_apart
    with on_cores(cores().load):
        pass


def test_the_bench_can_be_imported_without_what_only_linux_has() -> None:
    program = """
import os, select
for module, name in ((select, "epoll"), (os, "sched_getaffinity"), (os, "sched_setaffinity"), (os, "sched_yield")):
    if hasattr(module, name): delattr(module, name)
import loadtests.bench.__main__, loadtests.bench.mocks.__main__, loadtests.proofs.__main__
import loadtests.rig.counting.__main__, loadtests.rig.upstream.__main__
print("imported")
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("imported\n", "")
