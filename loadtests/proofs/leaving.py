"""Clients leave in each phase of an answer: how soon is the socket of the upstream closed?"""

from __future__ import annotations

from loadtests.measuring import percentile
from loadtests.proofs.finding import Finding, milliseconds
from loadtests.rig import JSON, PHASES, SSE, Stream, Streams, Upstream, await_that, upstream
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
            _finding(phase, mode, manner, _delays(stack.port, watched, phase, accept, manner))
            for manner in PACE_SECONDS
            for mode, accept in modes
            for phase in PHASES
        ]


def _delays(port: int, watched: Upstream, phase: str, accept: str, manner: str) -> list[float]:
    """The seconds from each leaving to the closing of an upstream connection; fewer if some never closed."""
    asked, left = len(watched.notes("asked", phase)), len(watched.notes("left", phase))
    with Streams(port) as streams:
        opened = [streams.ask("mock", phase, accept) for _ in range(STREAMS)]
        streams.read_until(watched.has_noted(asked + STREAMS, "asked", phase), PATIENCE_SECONDS)
        streams.read_for(0.3)
        for stream in opened:
            streams.leave(stream)
            if PACE_SECONDS[manner]:
                streams.read_for(PACE_SECONDS[manner])
        await_that(watched.has_noted(left + STREAMS, "left", phase), PATIENCE_SECONDS)
        # They leave in turn, so the order of the closings is that of the leavings.
        closings = sorted(watched.notes("left", phase)[left:])
        return [at - _left_at(stream) for stream, at in zip(opened, closings, strict=False)]


def _left_at(stream: Stream) -> float:
    assert stream.left_at is not None  # noqa: S101 - all have left
    return stream.left_at


def _finding(phase: str, mode: str, manner: str, delays: list[float]) -> Finding:
    middle, worst = percentile(delays, 0.5), percentile(delays, 0.99)
    return Finding(
        f"clients leave, {manner}, {mode}, {phase}: upstreams closed",
        f"{STREAMS} of {STREAMS}, p99 ≤ {milliseconds(BAR_SECONDS)}",
        f"{len(delays)} of {STREAMS}, p50 {milliseconds(middle)}, p99 {milliseconds(worst)}",
        len(delays) == STREAMS and worst <= BAR_SECONDS,
        {"delays_ms": [round(delay * 1000, 2) for delay in delays]},
    )
