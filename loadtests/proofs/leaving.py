"""Clients leave in each phase of an answer: how soon is the socket of the upstream closed?"""

from __future__ import annotations

from collections.abc import Mapping

from loadtests.measuring import percentile
from loadtests.proofs.finding import Finding, milliseconds
from loadtests.rig import JSON, PHASES, SSE, Streams, Upstream, await_that, upstream
from loadtests.stack import STEADY, Stack

STREAMS = 100
IN_TURN, AT_ONCE = "one each 10 ms", "all at once"
PACE_SECONDS = {IN_TURN: 0.01, AT_ONCE: 0.0}
"""Between two leavers."""
BAR_SECONDS = 0.010
PATIENCE_SECONDS = 5.0


def prove() -> list[Finding]:
    """Measure every phase, streaming and blocking, in turn and at once."""
    modes = (("streaming", SSE), ("blocking", JSON))
    with upstream() as watched, Stack(env={**STEADY, "OPENAI_BASE_URL": watched.url}) as stack:
        return [
            found(phase, mode, manner, delays(stack.port, watched, phase, accept, manner))
            for manner in PACE_SECONDS
            for mode, accept in modes
            for phase in PHASES
        ]


def delays(
    port: int, watched: Upstream, phase: str, accept: str, manner: str, count: int = STREAMS
) -> list[float]:
    """The seconds from each leaving to the closing of the leaver's own upstream connection.

    Fewer than leavers, if some were never closed; below zero, where one was closed before its client left.
    """
    asked, left = len(watched.notes("asked", phase)), len(watched.notes("left", phase))
    with Streams(port) as streams:
        opened = {
            who: streams.ask("mock", f"{phase} #{who}", accept)
            for who in (f"{accept} {manner} {number}" for number in range(count))
        }
        streams.read_until(watched.has_noted(asked + count, "asked", phase), PATIENCE_SECONDS)
        streams.read_for(0.3)
        left_at = {}
        for who, stream in opened.items():
            left_at[who] = streams.leave(stream)
            if PACE_SECONDS[manner]:
                streams.read_for(PACE_SECONDS[manner])
        await_that(watched.has_noted(left + count, "left", phase), PATIENCE_SECONDS)
        return paired(left_at, watched.notes("left", phase))


def paired(left_at: Mapping[str, float], closings: Mapping[str, float]) -> list[float]:
    """From each leaving to the closing of the same client's upstream, where it was closed."""
    return [closings[who] - at for who, at in left_at.items() if who in closings]


def found(phase: str, mode: str, manner: str, delays: list[float]) -> Finding:
    """What the delays from each leaving to the closing of the leaver's upstream say."""
    middle, worst = percentile(delays, 0.5), percentile(delays, 0.99)
    return Finding(
        f"clients leave, {manner}, {mode}, {phase}: upstreams closed",
        f"{STREAMS} of {STREAMS}, p99 ≤ {milliseconds(BAR_SECONDS)}",
        f"{len(delays)} of {STREAMS}, p50 {milliseconds(middle)}, p99 {milliseconds(worst)}",
        len(delays) == STREAMS and min(delays) >= 0 and worst <= BAR_SECONDS,
        {"delays_ms": [round(delay * 1000, 2) for delay in delays]},
    )
