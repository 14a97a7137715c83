"""What the proof of attacks makes of what it has seen: each kind of harm is found, each mend is missed."""

from __future__ import annotations

import socket
from dataclasses import replace
from inspect import isfunction
from typing import Any

import pytest

from loadtests.proofs.attacks import attacked, callers
from loadtests.proofs.attacks.attacking import ATTACKS
from loadtests.proofs.attacks.harm import Cost, found
from loadtests.proofs.attacks.hostile_answers import ANSWERS
from loadtests.rig import SSE, Stream


def answer(gap: float = 0.02, first: float = 0.02) -> Stream:
    stream = Stream(socket.socket(), SSE, asked_at=0.0, first_text_at=first)
    stream.sock.close()
    stream.read_ats = [first + gap * index for index in range(20)]
    return stream


@pytest.mark.parametrize(
    ("beside", "cost", "bar"),
    [
        ({"gap": 0.2}, {}, "gap"),
        ({"first": 1.0}, {}, "first token"),
        ({}, {"most_bytes": 60_000_000}, "memory"),
        ({}, {"files": 3}, "files"),
        ({}, {"unended": 1}, "ended"),
        ({}, {"lines": 1}, "log"),
    ],
)
def test_each_harm_is_found(
    beside: dict[str, Any], cost: dict[str, Any], bar: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loadtests.proofs.attacks.harm.complaint", lambda *_: None)
    assert found("an attack", [answer()], [answer()], Cost()).holds
    harmed = found("an attack", [answer()], [answer(**beside)], replace(Cost(), **cost))
    assert not harmed.holds
    assert harmed.details["missed"] == [bar]


def test_a_standstill_is_found_though_nearly_all_answers_have_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of a thousand gaps, and a seventh of all time."""
    monkeypatch.setattr("loadtests.proofs.attacks.harm.complaint", lambda *_: None)
    still = answer()
    still.read_ats[10:] = [at + 4 for at in still.read_ats[10:]]
    harmed = found("an attack", [answer()], [answer() for _ in range(49)] + [still], Cost())
    assert harmed.details["missed"] == ["gap"]


def test_a_wrong_answer_is_found() -> None:
    assert found("an attack", [answer()], [answer()], Cost()).details["missed"] == ["answers"]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("attack", "worker", "bar"),
    [
        ("pipelined", "GreedyWorker", "gap"),
        ("trickling", "PatientWorker", "ended"),
        ("taking-nothing", "PatientWorker", "ended"),
        ("unfinished", "HoardingWorker", "ended"),
        ("handshakes", "HoardingWorker", "ended"),
        ("connecting", "NewcomersFirstWorker", "answers or memory"),
        ("redirects", "UntamedWorker", "ended"),
        ("endless-error", "UntamedWorker", "memory"),
        ("endless-answer", "EndlessWorker", "memory"),
        ("zeros-for-a-size", "ClocklessWorker", "ended"),
        ("boundless-usage", "TrustingWorker", "answers"),
        ("wrong-tokens", "UncountingWorker", "ended"),
        ("logged", "WaitingLogWorker", "answers"),
    ],
)
def test_a_mend_that_is_taken_out_is_missed(attack: str, worker: str, bar: str) -> None:
    unmended = {"GUNICORN_CMD_ARGS": f"--worker-class tests.loadtests.proofs.unmended_worker.{worker}"}
    (finding,) = attacked(1, [attack], unmended)
    missed = finding.details["missed"]
    assert isinstance(missed, list)
    assert {*bar.split(" or ")} & {*missed}, finding.figure


def test_each_kind_of_attack_is_there() -> None:
    """Each caller that means no good, and each of the upstream's answers, is one of them."""
    written = {
        function
        for name, function in vars(callers).items()
        if isfunction(function) and function.__module__ == callers.__name__ and not name.startswith("_")
    }
    assert {attack for attack in ATTACKS.values() if isfunction(attack)} == written
    assert ATTACKS.keys() >= ANSWERS.keys()
