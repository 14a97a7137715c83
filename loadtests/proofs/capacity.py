"""Three times as many clients as there are places: some are refused at once, some served in full."""

from __future__ import annotations

from collections.abc import Sequence

from loadtests.measuring import percentile
from loadtests.proofs.faults import expected_text
from loadtests.proofs.finding import Finding, counted, milliseconds
from loadtests.rig import WHOLE, Stream, Streams, complaint
from loadtests.stack import STEADY, Stack

PLACES = 50
ROUNDS = 3
ARRIVAL_SECONDS = 1.0
MODEL = "mock-ttft100-itl20-tokens100"
PROMPT = "Hi"
BAR_SECONDS, BAR_RATIO = 0.050, 2.0
PATIENCE_SECONDS = 20.0


def prove() -> list[Finding]:
    with Stack(env={**STEADY, "CHAT_MAX_STREAMS": str(PLACES)}) as stack:
        text = expected_text(stack, MODEL, PROMPT)
        crowd(stack.port, PLACES)
        alone = [stream for _ in range(ROUNDS) for stream in crowd(stack.port, PLACES)]
        crowded = [stream for _ in range(ROUNDS) for stream in crowd(stack.port, 3 * PLACES)]
    return [found(alone, crowded, text)]


def found(alone: Sequence[Stream], came: Sequence[Stream], text: str) -> Finding:
    """What the answers of those who came as many as there are places, and three times as many, say."""
    refused = [stream for stream in came if stream.status == 503]
    served = [stream for stream in came if stream.status == 200]
    refusals = percentile(map(_total, refused), 0.99)
    uncrowded, crowded = (
        percentile((stream.first_text_seconds for stream in streams), 0.99) for streams in (alone, served)
    )
    wrong = [said for stream in (*alone, *served) if (said := complaint(stream, WHOLE, text))]
    right = sum(not complaint(stream, WHOLE, text) for stream in served)
    return Finding(
        f"{3 * PLACES} clients for {PLACES} places, {ROUNDS} rounds",
        f"refusals p99 ≤ {milliseconds(BAR_SECONDS)}, accepted right to the byte, "
        f"TTFT p99 ≤ {BAR_RATIO:g} × uncrowded",
        f"{len(refused)} refused, p99 {milliseconds(refusals)}; {right} of {len(served)} right, "
        f"TTFT p99 {milliseconds(crowded)} against {milliseconds(uncrowded)}",
        refusals <= BAR_SECONDS
        and not wrong
        and len(served) * 3 >= len(came) > 0
        and len(refused) + len(served) == len(came)
        and crowded <= BAR_RATIO * uncrowded,
        {
            "refusals_ms": sorted(round(_total(stream) * 1000, 1) for stream in refused),
            "wrong": counted(wrong),
        },
    )


def crowd(port: int, clients: int, model: str = MODEL) -> list[Stream]:
    """What becomes of so many who come within a second, evenly spread."""
    with Streams(port) as streams:
        for _ in range(clients):
            streams.ask(model, PROMPT)
            streams.read_for(ARRIVAL_SECONDS / clients)
        streams.read_to_end(streams.opened, PATIENCE_SECONDS)
        return streams.opened


def _total(stream: Stream) -> float:
    return (stream.ended_at or float("inf")) - stream.asked_at
