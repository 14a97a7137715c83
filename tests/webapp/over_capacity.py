"""What a full house does to those it refuses and to those it has let in.

python -m tests.webapp.over_capacity            capacity 100, asked by 100, then by 300
python -m tests.webapp.over_capacity 200 3      capacity 200, three times as many
"""

import sys

from loadtests.measuring import percentile
from loadtests.proofs.capacity import crowd
from loadtests.rig import Stream, terminals
from loadtests.stack import Stack

MODEL = "mock-ttft200-itl20-tokens100"


def _row(name: str, came: list[Stream]) -> str:
    let_in = [stream for stream in came if stream.status == 200]
    refused = [_ms(stream, stream.ended_at) for stream in came if stream.status == 503]
    tokens = [_ms(stream, stream.first_text_at) for stream in let_in if stream.first_text_at]
    cells = [
        len(came),
        len(let_in),
        sum(stream.whole and len(terminals(stream)) == 1 for stream in let_in),
        f"{percentile(tokens, 0.5):.0f}",
        f"{percentile(tokens, 0.99):.0f}",
        len(refused),
        f"{percentile(refused, 0.5):.1f}",
        f"{percentile(refused, 0.99):.1f}",
    ]
    return f"| {name} | " + " | ".join(str(cell) for cell in cells) + " |"


def _ms(stream: Stream, at: float | None) -> float:
    return ((at or float("nan")) - stream.asked_at) * 1000


def main(capacity: int = 100, times: int = 3) -> None:
    """Print the table."""
    print("| | came | let in | complete | TTFT p50 ms | p99 | refused | refusal p50 ms | p99 |")
    print("|---|---|---|---|---|---|---|---|---|")
    with Stack(env={"CHAT_MAX_STREAMS": str(capacity)}) as stack:
        crowd(stack.port, 10, MODEL)
        for name, count in [("at capacity", capacity), (f"{times} x", times * capacity)]:
            print(_row(name, crowd(stack.port, count, MODEL)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
