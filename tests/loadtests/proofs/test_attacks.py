"""What the proof of attacks makes of what it has seen: each kind of harm is found, each mend is missed."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import Any

import pytest

from loadtests.proofs.attacks import attacked
from loadtests.proofs.attacks.attacking import ATTACKS
from loadtests.proofs.attacks.harm import Cost, found
from loadtests.rig import SSE, Stream


def answer(gap: float = 0.02, first: float = 0.02) -> Stream:
    stream = Stream(socket.socket(), SSE, asked_at=0.0, first_text_at=first)
    stream.sock.close()
    stream.read_ats = [first + gap * index for index in range(20)]
    return stream


@pytest.mark.parametrize(
    ("beside", "cost"),
    [
        ({"gap": 0.2}, {}),
        ({"first": 1.0}, {}),
        ({}, {"most_bytes": 60_000_000}),
        ({}, {"files": 3}),
        ({}, {"unended": 1}),
        ({}, {"lines": 1}),
    ],
    ids=["a gap", "a first token", "memory", "files", "one that is not ended", "a line of the log"],
)
def test_each_harm_is_found(
    beside: dict[str, Any], cost: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loadtests.proofs.attacks.harm.complaint", lambda *_: None)
    assert found("an attack", [answer()], [answer()], Cost()).holds
    assert not found("an attack", [answer()], [answer(**beside)], replace(Cost(), **cost)).holds


def test_a_wrong_answer_is_found() -> None:
    assert not found("an attack", [answer()], [answer()], Cost()).holds


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("attack", "worker", "said"),
    [
        ("pipelined", "GreedyWorker", "gap p99"),
        ("trickling", "PatientWorker", "200 not ended"),
        ("taking-nothing", "PatientWorker", "20 not ended"),
        ("unfinished", "HoardingWorker", "95 not ended"),
        ("connecting", "NewcomersFirstWorker", " wrong"),
        ("leaving", "BlamingWorker", "not ended"),
        ("redirects", "UntamedWorker", "not ended"),
        ("endless-error", "UntamedWorker", " MB"),
        ("endless-nothing", "EndlessWorker", "not ended"),
        ("zeros-for-a-size", "ClocklessWorker", "not ended"),
        ("bomb-of-objects", "RestlessWorker", "gap p99"),
        ("boundless-usage", "TrustingWorker", " wrong"),
        ("wrong-tokens", "UncountingWorker", "not ended"),
        ("logged", "WaitingLogWorker", " wrong"),
    ],
)
def test_a_mend_that_is_taken_out_is_missed(attack: str, worker: str, said: str) -> None:
    unmended = {"GUNICORN_CMD_ARGS": f"--worker-class tests.loadtests.proofs.unmended_worker.{worker}"}
    (finding,) = attacked(1, [attack], unmended)
    assert said in finding.figure
    assert not finding.holds


def test_each_kind_of_attack_is_there() -> None:
    assert len(ATTACKS) >= 30
