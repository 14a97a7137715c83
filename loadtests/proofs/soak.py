"""Answers without pause, with clients that leave at random and upstreams that fail: what is left behind?"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import httpx2
import psutil

from loadtests.proofs.faults import FAULTS, IMPATIENT, expected_text
from loadtests.proofs.finding import Finding
from loadtests.rig import FORMATS, SSE, WHOLE, Stream, Streams, await_that, complaint
from loadtests.stack import Stack

AT_ONCE = 100
LEAVING_SHARE, FAULTY_SHARE = 0.3, 0.3
LONGEST_SECONDS = 3.0
HANGING_SECONDS = 30.0
WARM_UP_SECONDS = 15.0
SETTLE_SECONDS = 15.0
SETTLED_SECONDS = 3.0
BAR_BYTES = 10_000_000
MODELS = ("mock-ttft50-itl10-tokens50", "mock-ttft500-itl5-tokens200", "mock-ttft0-itl0-tokens400")
SEED = 1
PROMPT = "Hi"
PATIENT = {**IMPATIENT, "CHAT_TOKEN_TIMEOUT_SECONDS": "4"}
"""A worker under full load may be late by a second, which is no stall."""

SOAKED = sorted({*FAULTS} - {"trickle:1@18"})
"""The faults whose end does not depend on how long the answer is."""

RIGHT, LEFT = "right", "left"
RIGHT_SHARE = 0.5
"""The least of right answers, so that a soak of refusals is none."""


@dataclass(frozen=True)
class Held:
    """What the worker has of each kind when nobody asks it for anything."""

    clients: int
    """Sockets towards clients, the listening one included."""
    upstreams: int
    """Idle connections that wait for the next request: at most one for each stream that was open at once."""
    files: int
    """What is open beside these sockets."""
    threads: int
    open_answers: int
    memory_bytes: int


@dataclass(frozen=True)
class Asked:
    """One answer that was asked for: of which model, with which fault, if any."""

    stream: Stream
    model: str
    fault: str = ""


def prove(minutes: float) -> list[Finding]:
    with Stack(env=PATIENT) as stack:
        texts = {model: expected_text(stack, model, PROMPT) for model in MODELS}
        outcomes: Counter[str] = Counter()
        (worker,) = stack.workers()
        _busy(stack.port, WARM_UP_SECONDS, texts, outcomes)
        before = _settled(stack, worker)
        _busy(stack.port, minutes * 60, texts, outcomes)
        after = _settled(stack, worker)
        same_worker = worker.is_running()
    return [found(minutes, before, after, outcomes, same_worker=same_worker)]


def found(
    minutes: float, before: Held, after: Held, outcomes: Mapping[str, int], *, same_worker: bool
) -> Finding:
    """What is left behind, and how the answers went: those that ended wrongly prove nothing."""
    grown = after.memory_bytes - before.memory_bytes
    answers, right = sum(outcomes.values()), outcomes.get(RIGHT, 0)
    wrong = {said: count for said, count in outcomes.items() if said not in (RIGHT, LEFT)}
    return Finding(
        f"soak, {minutes:g} minutes, {AT_ONCE} streams, random leaving and faults",
        "each answer ends as it should, most are right; sockets, greenlets, memory back to where they began",
        f"{answers} answers, {right} right, {outcomes.get(LEFT, 0)} left, {sum(wrong.values())} wrong; "
        f"clients' sockets {before.clients} → {after.clients}, "
        f"idle upstream connections {before.upstreams} → {after.upstreams}, "
        f"files {before.files} → {after.files}, open answers {after.open_answers}, "
        f"memory {grown / 1e6:+.1f} MB",
        same_worker
        and _is_back(before, after)
        and grown <= BAR_BYTES
        and not wrong
        and right >= RIGHT_SHARE * answers > 0,
        {"before": before, "after": after, "outcomes": dict(outcomes)},
    )


def _is_back(before: Held, after: Held) -> bool:
    return (
        after.open_answers == 0
        and after.clients <= before.clients
        and after.upstreams <= AT_ONCE
        and after.files <= before.files
        and after.threads <= before.threads
    )


def _busy(port: int, seconds: float, texts: Mapping[str, str], outcomes: Counter[str]) -> None:
    """Keep streams open for so long: each that ends, or is left, is followed by another."""
    choices = random.Random(SEED)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with Streams(port) as streams:
            _generation(streams, choices, min(until, time.monotonic() + 10), texts, outcomes)


def _generation(
    streams: Streams,
    choices: random.Random,
    until: float,
    texts: Mapping[str, str],
    outcomes: Counter[str],
) -> None:
    leaving: dict[Stream, float] = {}
    open_answers: dict[Stream, Asked] = {}
    while (now := time.monotonic()) < until or open_answers:
        while now < until and len(open_answers) < AT_ONCE:
            asked = _asked(streams, choices)
            open_answers[asked.stream] = asked
            if choices.random() < LEAVING_SHARE:
                leaving[asked.stream] = now + choices.random() * LONGEST_SECONDS
        streams.read_for(0.02)
        for stream, asked in [*open_answers.items()]:
            if stream.ended_at:
                outcomes[outcome(asked, texts[asked.model])] += 1
                stream.sock.close()
            elif leaving.get(stream, float("inf")) < now:
                streams.leave(stream, reset=choices.random() < 0.5)
                outcomes[LEFT] += 1
            elif now - stream.asked_at > HANGING_SECONDS:
                outcomes["hangs"] += 1
            else:
                continue
            del open_answers[stream]


def outcome(asked: Asked, text: str) -> str:
    """What is to be said of an answer that has ended."""
    said = complaint(asked.stream, FAULTS.get(asked.fault, WHOLE), text)
    return f"{asked.fault or 'no fault'} as {asked.stream.accept}: {said}" if said else RIGHT


def _asked(streams: Streams, choices: random.Random) -> Asked:
    fault = choices.choice(SOAKED) if choices.random() < FAULTY_SHARE else ""
    accept = choices.choice(FORMATS) if choices.random() < 0.5 else SSE
    model = choices.choice(MODELS)
    stream = streams.ask(f"{model}-{fault}" if fault else model, PROMPT, accept)
    return Asked(stream, model, fault)


def _settled(stack: Stack, worker: psutil.Process) -> Held:
    """What is held once all has ended: endless answers, too, have their limit."""
    await_that(lambda: _held(stack, worker).open_answers == 0, SETTLE_SECONDS)
    time.sleep(SETTLED_SECONDS)
    return _held(stack, worker)


def _held(stack: Stack, worker: psutil.Process) -> Held:
    metrics = httpx2.get(f"{stack.url}/metrics").text.splitlines()
    (open_answers,) = (line.split()[-1] for line in metrics if line.startswith("chat_open_answers "))
    sockets = worker.net_connections("tcp")
    clients = sum(sock.laddr.port == stack.port for sock in sockets)
    return Held(
        clients,
        len(sockets) - clients,
        worker.num_fds() - len(sockets),
        worker.num_threads(),
        int(float(open_answers)),
        worker.memory_info().rss,
    )
