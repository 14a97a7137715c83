"""What each step of a relayed token costs beside the system calls, in µs of CPU: python -m tests.webapp.token_steps.

Exits with 1 if they cost more together than they ever should.
"""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from loadtests.rig.upstream.scripts import HEAD, TOKEN
from webapp.chat import Delta, Start
from webapp.http.formats import encode_sse
from webapp.relay import Limits, Progress, Relay, Request
from webapp.upstream import Chunk
from webapp.upstream.decoding import ChunkDecoder
from webapp.upstream.transport.http1 import ResponseReader

TOKENS = 100_000
MOST_MICROSECONDS = 8.0
"""All of them, for a token: twice what docs/performance.md has, for slower processors."""
ROUNDS = 5
LIMITS = Limits(heartbeat_seconds=15, first_token_seconds=60, token_seconds=60, total_seconds=600)


class Written:
    """An answer that always has the next token."""

    dropped_messages = 0
    interruption = None

    def __init__(self) -> None:
        self._chunks = [Chunk(" quantum")]

    def read(self, timeout: float) -> list[Chunk]:
        return self._chunks

    def release(self) -> None:
        """Never reached."""


def steps() -> Iterator[tuple[str, Callable[[], object]]]:
    """Each step of one token, by name."""
    response = ResponseReader("POST")
    response.feed_head(HEAD)

    def parse() -> None:
        response.feed(TOKEN)
        response.body.clear()

    yield "an HTTP chunk taken apart", parse
    yield "bytes to chunk", partial(ChunkDecoder().feed, TOKEN.partition(b"\r\n")[2][:-2])
    answer = Written()
    relay = Relay(Request("r", time.monotonic()), answer, answer, LIMITS, time.monotonic, Progress())
    yield "chunk to delta", partial(next, relay.events(Start("chat_1", "bench")))
    yield "delta to bytes", partial(encode_sse, Delta(" quantum"))


def cost(step: Callable[[], object], tokens: int = TOKENS) -> float:
    """Seconds of CPU of one token: the least of some rounds, which the machine's other work lengthens only."""
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(tokens):
            step()
        spent.append(time.process_time() - began)
    return min(spent) / tokens


def verdict(costs: Sequence[float]) -> tuple[str, int]:
    """What is said of these costs in µs, and the exit code."""
    is_held = sum(costs) <= MOST_MICROSECONDS
    said = (
        f"all of them: {sum(costs):.2f} µs, at most {MOST_MICROSECONDS:g}: {'holds' if is_held else 'MISSED'}"
    )
    return said, 0 if is_held else 1


def main() -> int:
    costs = []
    for name, step in steps():
        costs.append(cost(step) * 1e6)
        print(f"{name}: {costs[-1]:.2f} µs")
    said, code = verdict(costs)
    print(said)
    return code


if __name__ == "__main__":
    sys.exit(main())
