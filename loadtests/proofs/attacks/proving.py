"""One client at full force beside healthy ones: what these notice, what the app keeps of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from loadtests.measuring import percentile, procfs
from loadtests.proofs.attacks.attacking import ATTACKS
from loadtests.proofs.finding import Finding, counted, milliseconds
from loadtests.rig import DONE, SHORT, WORD, Stream, Streams, complaint, running, upstream
from loadtests.stack import STEADY, Stack

HEALTHY = 50
SECONDS = 5.0
SHORT_TOKENS = 20
PACE_SECONDS = 0.005
SETTLE_SECONDS = 3.0
PATIENCE_SECONDS = 10.0
LIMIT_SECONDS = 3
ATTACKING = "from loadtests.proofs.attacks.attacking import main; main()"
WORKERS = (1, 2)
BAR_GAP_SECONDS, BAR_RATIO, BAR_BYTES = 0.15, 2.0, 50_000_000
LEAST_TTFT_SECONDS = 0.05
"""What the first token of a healthy answer may take in any case: twice nearly nothing is nearly nothing."""


def prove() -> list[Finding]:
    return [finding for workers in WORKERS for finding in attacked(workers, ATTACKS)]


def attacked(
    workers: int, names: Iterable[str], env: Mapping[str, str] | None = None, seconds: float = SECONDS
) -> list[Finding]:
    """What so many workers make of each attack; `env` is laid over that of the app."""
    ours = {**STEADY, "WEB_CONCURRENCY": str(workers), "CHAT_BODY_TIMEOUT_SECONDS": str(LIMIT_SECONDS)}
    ours["CHAT_SEND_TIMEOUT_SECONDS"] = str(LIMIT_SECONDS)
    findings = []
    with upstream() as watched:
        ours["OPENAI_BASE_URL"] = watched.url
        with Stack(env={**ours, **(env or {})}) as stack:
            with Streams(stack.port) as streams:
                _answers(streams, 1.0)
            findings = [_attacked(stack, name, workers, seconds) for name in names]
    return findings


def _attacked(stack: Stack, name: str, workers: int, seconds: float) -> Finding:
    web = stack.processes["web"].pid
    with Streams(stack.port) as streams:
        # The machine's other work is the same for both, as far as two moments can have the same.
        alone = _answers(streams, seconds / 2)
    memory, clients = procfs.memory_bytes(web), _open_connections(stack)
    command = [sys.executable, "-c", ATTACKING, name, str(stack.port), str(seconds)]
    with running(command) as attack, Streams(stack.port) as streams:
        beside = _answers(streams, seconds)
        attack.wait(PATIENCE_SECONDS)
        # An attack that broke off has said why.
        unended = int(attack.printed())
    time.sleep(SETTLE_SECONDS)
    grown, left = procfs.memory_bytes(web) - memory, _open_connections(stack) - clients
    return found(f"{name}, {workers} worker(s)", alone, beside, grown, left, unended)


def found(
    what: str, alone: Sequence[Stream], beside: Sequence[Stream], grown: float, left: int, unended: int = 0
) -> Finding:
    """What the healthy answers say of an attack, and what it leaves: bytes, open connections."""
    gaps = [later - at for stream in beside for at, later in pairwise(stream.read_ats)]
    gap = percentile(gaps, 0.99) if gaps else float("inf")
    before, crowded = (percentile(map(_first_text, each), 0.99) for each in (alone, beside))
    most = max(BAR_RATIO * before, LEAST_TTFT_SECONDS)
    wrong = [said for stream in beside if (said := complaint(stream, DONE, WORD * SHORT_TOKENS))]
    return Finding(
        what,
        "gap p99 ≤ 150 ms, TTFT p99 ≤ 2 × alone, every healthy answer right, memory + ≤ 50 MB, "
        "no connection left, each ended in its time",
        f"gap p99 {milliseconds(gap)}, longest {milliseconds(max(gaps, default=0))}; TTFT p99 "
        f"{milliseconds(crowded)} against {milliseconds(before)}; {len(wrong)} of {len(beside)} wrong; "
        f"+ {grown / 1e6:.0f} MB, {left:+d} connections, {unended} not ended",
        gap <= BAR_GAP_SECONDS
        and crowded <= most
        and not wrong
        and grown <= BAR_BYTES
        and left <= 0
        and not unended,
        {"wrong": counted(wrong)},
    )


def _answers(streams: Streams, seconds: float) -> list[Stream]:
    """What healthy clients got who asked one after the other, HEALTHY at a time, for so long."""
    asked: list[Stream] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        opened = []
        for _ in range(HEALTHY):
            opened.append(streams.ask("mock", SHORT))
            streams.read_for(PACE_SECONDS)
        streams.read_to_end(opened, 10)
        asked += opened
    return asked


def _first_text(stream: Stream) -> float:
    return (stream.first_text_at or float("inf")) - stream.asked_at


def _open_connections(stack: Stack) -> int:
    """Return how many clients the workers have; connections to the upstream are kept for the next answer."""
    sockets = [each for worker in stack.workers() for each in worker.net_connections("tcp")]
    return sum(1 for each in sockets if each.raddr and each.laddr.port == stack.port)
