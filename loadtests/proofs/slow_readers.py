"""Clients that never read, beside healthy ones: what they cost, and what the others notice."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from loadtests.measuring import memory_bytes, percentile
from loadtests.proofs.finding import Finding, counted, milliseconds
from loadtests.rig import (
    FLOOD,
    SHORT,
    WHOLE,
    WORD,
    Stream,
    Streams,
    Upstream,
    await_that,
    complaint,
    upstream,
)
from loadtests.stack import STEADY, Stack

STUCK, HEALTHY = 100, 50
SMALL_BUFFER = 4096
SEND_TIMEOUT_SECONDS = 5
ROUNDS = 6
PACE_SECONDS = 0.02
SHORT_TOKENS = 20
BAR_BYTES, BAR_RATIO = 50_000_000, 1.5


def prove() -> list[Finding]:
    env = {**STEADY, "CHAT_SEND_TIMEOUT_SECONDS": str(SEND_TIMEOUT_SECONDS)}
    # A megabyte is more than 4,096 tokens could be, and would be cut for that.
    env["CHAT_MAX_OUTPUT_TOKENS"] = "100000"
    with (
        upstream() as watched,
        Stack(env={**env, "OPENAI_BASE_URL": watched.url}) as stack,
        Streams(stack.port) as streams,
    ):
        _answers(streams, 1)
        without = _answers(streams, ROUNDS)
        before = _held_bytes(stack, watched)
        for _ in range(STUCK):
            streams.ask("mock", FLOOD, receive_buffer=SMALL_BUFFER, reads=False)
            streams.read_for(PACE_SECONDS)
        until = time.monotonic() + SEND_TIMEOUT_SECONDS - 1 - STUCK * PACE_SECONDS
        beside, held = _answers(streams, ROUNDS, until), _held_bytes(stack, watched) - before
        await_that(watched.has_noted(STUCK, "left", FLOOD), 3 * SEND_TIMEOUT_SECONDS)
        cut = len(watched.notes("left", FLOOD))
        after = _held_bytes(stack, watched) - before
    return [found(without, beside, cut, held, after)]


def found(
    without: Sequence[Stream], beside: Sequence[Stream], cut: int, held: float, after: float
) -> Finding:
    """What the answers of healthy clients say, alone and beside stuck ones, and what these cost in bytes.

    A client who got no first token has waited for ever for it.
    """
    alone, crowded = (
        percentile((stream.first_text_seconds for stream in streams), 0.99) for streams in (without, beside)
    )
    wrong = [
        said for stream in (*without, *beside) if (said := complaint(stream, WHOLE, WORD * SHORT_TOKENS))
    ]
    return Finding(
        f"{STUCK} clients that never read 1 MB, beside {HEALTHY} healthy ones",
        f"memory + ≤ 50 MB, TTFT p99 ≤ {BAR_RATIO} × alone, every healthy answer right, all cut, "
        "their upstreams closed",
        f"+ {held / 1e6:.0f} MB with the kernel's, TTFT p99 {milliseconds(crowded)} against "
        f"{milliseconds(alone)}, {len(wrong)} of {len(without) + len(beside)} wrong, {cut} cut; "
        f"+ {after / 1e6:.0f} MB after it",
        held <= BAR_BYTES and crowded <= BAR_RATIO * alone and not wrong and cut == STUCK,
        {
            "ttft_p50_ms": [
                percentile((stream.first_text_seconds for stream in each), 0.5) * 1000
                for each in (without, beside)
            ],
            "wrong": counted(wrong),
        },
    )


def _answers(streams: Streams, rounds: int, until: float = float("inf")) -> list[Stream]:
    """What healthy clients got, who ask one after the other and then together."""
    asked: list[Stream] = []
    for _ in range(rounds):
        if time.monotonic() > until:
            break
        opened = []
        for _ in range(HEALTHY):
            opened.append(streams.ask("mock", SHORT))
            streams.read_for(PACE_SECONDS / 2)
        streams.read_to_end(opened, 10)
        asked += opened
    return asked


def _held_bytes(stack: Stack, watched: Upstream) -> float:
    """The app's memory, and what the kernel holds of its answers and of its upstream's."""
    return memory_bytes(stack.processes["web"].pid) + _queued_bytes(stack.port, watched.port)


def _queued_bytes(port: int, upstream_port: int) -> int:
    total = 0
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, _, queues, *_ = line.split()
        sent, received = (int(queue, 16) for queue in queues.split(":"))
        if int(local.split(":")[1], 16) == port:
            total += sent
        if int(remote.split(":")[1], 16) == upstream_port:
            total += received
    return total
