"""Locust's side of an answer, against a server that sends it well, badly and not at all."""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from loadtests.rig import ROOT, free_port
from loadtests.rig.scripted import Ending, ScriptedUpstream, Step, Talk, chunked, event, until_closed, whole
from tests.conftest import MS

TOKENS = [f"token{at} " for at in range(20)]
GAP = 50 * MS
STALL, PATIENCE = 300 * MS, 60.0
"""The longest silence that is borne: where the server falls silent for ever, and where it does not."""
ENDLESS = 600.0
"""A pause that ends when the upstream is closed: a machine that stands still for seconds must not end it."""

START = event({"type": "start", "id": "chat_1", "model": "mock"})
DELTAS = [event({"type": "delta", "text": token}) for token in TOKENS]
DONE = event({"type": "done", "finish_reason": "stop", "usage": {"completion_tokens": 20}})
ERROR = event({"type": "error", "code": "upstream_timeout", "message": "The model sent nothing."})
HALF: list[Step] = [START, *DELTAS[:10]]
WHOLE = {"id": "chat_1", "text": "".join(TOKENS), "finish_reason": "stop", "usage": {"completion_tokens": 20}}
REFUSAL = {"error": {"code": "too_many_streams", "message": "Try later."}}


def paced() -> Iterable[Step]:
    """An answer of 20 tokens, one every GAP, each in a packet of its own."""
    yield START
    for delta in DELTAS:
        yield GAP
        yield delta
    yield DONE


def byte_by_byte(steps: Iterable[Step]) -> Iterable[Step]:
    for step in steps:
        yield from (step[at : at + 1] for at in range(len(step))) if isinstance(step, bytes) else (step,)


def with_other_ends(end: bytes) -> list[Step]:
    return [step.replace(b"\n", end) for step in (START, *DELTAS, DONE)]


GOOD: dict[str, Callable[[], Iterable[Step]]] = {
    "paced, chunked": lambda: chunked(paced()),
    "paced, until closed": lambda: until_closed(paced()),
    "at once": lambda: chunked([b"".join((START, *DELTAS, DONE))]),
    "byte by byte": lambda: until_closed(byte_by_byte((START, *DELTAS, DONE))),
    "with heartbeats": lambda: chunked([b": hb\n", START, b": hb\n", *DELTAS, b": hb\n", DONE]),
    "CRLF": lambda: chunked(with_other_ends(b"\r\n")),
    "CR": lambda: chunked(with_other_ends(b"\r")),
    "whole": lambda: [whole(WHOLE)],
    "whole, until closed": lambda: until_closed([json.dumps(WHOLE).encode()]),
}
BAD: dict[str, tuple[Callable[[], Iterable[Step]], str]] = {
    "no end": (lambda: chunked(HALF), "no terminal object"),
    "all but the last line end": (lambda: chunked([START, *DELTAS, DONE[:-1]]), "no terminal object"),
    "closed, chunked": (lambda: chunked([*HALF, Ending.CLOSE]), "cut short"),
    "closed, until closed": (lambda: until_closed(HALF), "no terminal object"),
    "reset": (lambda: chunked([*HALF, 50 * MS, Ending.RESET]), "connection reset"),
    "stall": (lambda: chunked([*HALF, ENDLESS]), "stalled"),
    "stall behind a pace": (lambda: chunked([START, GAP, DELTAS[0], GAP, DELTAS[1], ENDLESS]), "stalled"),
    "silence": (lambda: [ENDLESS], "stalled"),
    "nobody": (lambda: [Ending.CLOSE], "closed without an answer"),
    "nonsense": (lambda: [b"nonsense\r\n\r\n", Ending.CLOSE], "cut short"),
    "in-band error": (lambda: chunked([*HALF, ERROR]), "error object: upstream_timeout"),
    "wrong text": (lambda: chunked([START, *DELTAS[1:], DONE]), "wrong text"),
    "two ends": (lambda: chunked([START, *DELTAS, DONE, DONE]), "object after the terminal one"),
    "no JSON": (
        lambda: chunked([START, b"data: oops\n\n", DONE]),
        "malformed: not the JSON of the interface",
    ),
    "refused": (lambda: [whole(REFUSAL, b"429 Too Many Requests")], "refused: 429 too_many_streams"),
    "refused in HTML": (lambda: [whole("<h1>Oops</h1>", b"502 Bad Gateway")], "refused: 502 without a code"),
    "an error in a 200": (lambda: [whole(REFUSAL)], "no stream: application/json"),
    "whole, cut": (lambda: [whole(WHOLE)[:-10], Ending.CLOSE], "cut short"),
    "whole, other text": (lambda: [whole({**WHOLE, "text": "token"})], "wrong text"),
    "whole, no JSON": (lambda: until_closed([b"{"]), "malformed: not the JSON of the interface"),
}
SILENT = {case for case, (_, outcome) in BAD.items() if outcome == "stalled"}


def received(url: str, cases: Iterable[str]) -> dict[str, Any]:
    stalls = {case: STALL if case in SILENT else PATIENCE for case in cases}
    asked = {"url": url, "expected": "".join(TOKENS), "stalls": stalls}
    program = [sys.executable, "-m", "tests.loadtests.load.receiving.receive"]
    done = subprocess.run(
        program,
        cwd=ROOT,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def outcomes() -> Mapping[str, Any]:
    """Each case's times or failure, all received by one process."""

    def script(request: Talk) -> Iterable[Step]:
        case = request.path.removeprefix("/").replace("%20", " ")
        return GOOD[case]() if case in GOOD else BAD[case][0]()

    with ScriptedUpstream(script) as server:
        return received(server.origin, (*GOOD, *BAD))


@pytest.mark.parametrize("case", GOOD)
def test_a_right_answer_has_its_times(outcomes: Mapping[str, Any], case: str) -> None:
    timing = outcomes[case]
    assert isinstance(timing, dict), timing
    assert 0 < timing["ttfb"] <= timing["ttft"] <= timing["total"]
    assert len(timing["itl"]) == (0 if case.startswith("whole") else 19)


@pytest.mark.timed
@pytest.mark.parametrize("case", [case for case in GOOD if case.startswith("paced")])
def test_tokens_are_seen_when_they_come(outcomes: Mapping[str, Any], case: str) -> None:
    timing = outcomes[case]
    assert timing["ttft"] >= GAP
    # A reader that waits for a full buffer gets nearly all of them in lumps.
    assert statistics.median(timing["itl"]) >= 0.5 * GAP
    assert timing["tpot"] == pytest.approx(statistics.mean(timing["itl"]))
    assert timing["total"] >= max(20 * GAP, timing["ttft"] + sum(timing["itl"]) - 0.001)


@pytest.mark.parametrize("case", BAD)
def test_a_bad_answer_is_named_by_what_the_user_sees(outcomes: Mapping[str, Any], case: str) -> None:
    assert outcomes[case] == BAD[case][1]


def test_where_nobody_listens() -> None:
    assert received(f"http://127.0.0.1:{free_port()}", ["refused"]) == {"refused": "connection refused"}
