"""Answers without pause, with clients that leave at random and upstreams that fail: what is left behind?"""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass

import httpx2
import psutil

from loadtests.proofs.faults import FAULTS, IMPATIENT
from loadtests.proofs.finding import Finding
from loadtests.rig import FORMATS, SSE, Stream, Streams, await_that
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


def prove(minutes: float) -> list[Finding]:
    with Stack(env=IMPATIENT) as stack:
        outcomes: Counter[str] = Counter()
        (worker,) = stack.workers()
        _busy(stack.port, WARM_UP_SECONDS, outcomes)
        before = _settled(stack, worker)
        _busy(stack.port, minutes * 60, outcomes)
        after = _settled(stack, worker)
        same_worker = worker.is_running()
    grown = after.memory_bytes - before.memory_bytes
    return [
        Finding(
            f"soak, {minutes:g} minutes, {AT_ONCE} streams, random leaving and faults",
            "sockets, greenlets and memory back to where they began",
            f"{outcomes.total()} answers; clients' sockets {before.clients} → {after.clients}, "
            f"idle upstream connections {before.upstreams} → {after.upstreams}, "
            f"files {before.files} → {after.files}, open answers {after.open_answers}, "
            f"memory {grown / 1e6:+.1f} MB",
            same_worker and _is_back(before, after) and grown <= BAR_BYTES and not outcomes["hangs"],
            {"before": before, "after": after, "outcomes": dict(outcomes)},
        )
    ]


def _is_back(before: Held, after: Held) -> bool:
    return (
        after.open_answers == 0
        and after.clients <= before.clients
        and after.upstreams <= AT_ONCE
        and after.files <= before.files
        and after.threads <= before.threads
    )


def _busy(port: int, seconds: float, outcomes: Counter[str]) -> None:
    """Keep streams open for so long: each that ends, or is left, is followed by another."""
    choices = random.Random(SEED)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with Streams(port) as streams:
            _generation(streams, choices, min(until, time.monotonic() + 10), outcomes)


def _generation(streams: Streams, choices: random.Random, until: float, outcomes: Counter[str]) -> None:
    leaving: dict[Stream, float] = {}
    open_streams: set[Stream] = set()
    while (now := time.monotonic()) < until or open_streams:
        while now < until and len(open_streams) < AT_ONCE:
            stream = _asked(streams, choices)
            open_streams.add(stream)
            if choices.random() < LEAVING_SHARE:
                leaving[stream] = now + choices.random() * LONGEST_SECONDS
        streams.read_for(0.02)
        for stream in [*open_streams]:
            if stream.ended_at:
                outcomes[f"status {stream.status}, {'whole' if stream.whole else 'cut'}"] += 1
                stream.sock.close()
                open_streams.discard(stream)
            elif leaving.get(stream, float("inf")) < now:
                streams.leave(stream, reset=choices.random() < 0.5)
                outcomes["left"] += 1
                open_streams.discard(stream)
            elif now - stream.asked_at > HANGING_SECONDS:
                outcomes["hangs"] += 1
                open_streams.discard(stream)


def _asked(streams: Streams, choices: random.Random) -> Stream:
    fault = f"-{choices.choice([*FAULTS])}" if choices.random() < FAULTY_SHARE else ""
    accept = choices.choice(FORMATS) if choices.random() < 0.5 else SSE
    return streams.ask(choices.choice(MODELS) + fault, "Hi", accept)


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
