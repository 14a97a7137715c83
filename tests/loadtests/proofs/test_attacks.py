"""What the proof of attacks makes of what it has seen: each kind of harm is found."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from loadtests.proofs.attacks import attacked
from loadtests.proofs.attacks.proving import found
from loadtests.rig import SSE, Stream


def answer(gap: float = 0.02, first: float = 0.02) -> Stream:
    stream = Stream(socket.socket(), SSE, asked_at=0.0, first_text_at=first)
    stream.sock.close()
    stream.read_ats = [first + gap * index for index in range(20)]
    return stream


@pytest.mark.parametrize(
    ("beside", "grown", "left"),
    [
        ({"gap": 0.2}, 0, 0),
        ({"first": 1.0}, 0, 0),
        ({}, 60_000_000, 0),
        ({}, 0, 3),
    ],
)
def test_each_harm_is_found(
    beside: dict[str, Any], grown: float, left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loadtests.proofs.attacks.proving.complaint", lambda *_: None)
    assert found("an attack", [answer()], [answer()], 0, 0).holds
    assert not found("an attack", [answer()], [answer(**beside)], grown, left).holds
    assert not found("an attack", [answer()], [answer()], 0, 0, 1).holds


def test_a_wrong_answer_is_found() -> None:
    assert not found("an attack", [answer()], [answer()], 0, 0).holds


@pytest.mark.parametrize(
    ("attack", "worker", "said"),
    [("pipelined", "GreedyWorker", "gap p99"), ("trickling", "PatientWorker", "200 not ended")],
)
def test_a_mend_that_is_taken_out_is_missed(attack: str, worker: str, said: str) -> None:
    unmended = {"GUNICORN_CMD_ARGS": f"--worker-class tests.loadtests.proofs.unmended_worker.{worker}"}
    (finding,) = attacked(1, [attack], unmended, seconds=4.0)
    assert said in finding.figure
    assert not finding.holds
