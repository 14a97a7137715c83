"""What a full house does to those it refuses and to those it has let in.

python -m tests.webapp.over_capacity            capacity 100, asked by 100, then by 300
python -m tests.webapp.over_capacity 200 3      capacity 200, three times as many

Exits with 1 if somebody who was let in did not get a whole answer, was neither let in nor refused, or if nobody
was refused who came too many. How fast both must be is what `make proofs` holds.
"""

import math
import sys
from collections.abc import Sequence

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
        _shown(percentile(tokens, 0.5), 0),
        _shown(percentile(tokens, 0.99), 0),
        len(refused),
        _shown(percentile(refused, 0.5), 1),
        _shown(percentile(refused, 0.99), 1),
    ]
    return f"| {name} | " + " | ".join(str(cell) for cell in cells) + " |"


def _ms(stream: Stream, at: float | None) -> float:
    return ((at or float("nan")) - stream.asked_at) * 1000


def _shown(milliseconds: float, digits: int) -> str:
    return "" if math.isnan(milliseconds) else f"{milliseconds:.{digits}f}"


def complaints(came: Sequence[Stream], capacity: int) -> list[str]:
    """What is wrong with the answers of those who came within a second."""
    let_in = [stream for stream in came if stream.status == 200]
    refused = [stream for stream in came if stream.status == 503]
    cut = sum(not (stream.whole and len(terminals(stream)) == 1) for stream in let_in)
    rules = {
        f"{cut} of {len(let_in)} who were let in got no whole answer": cut > 0,
        f"{len(came) - len(let_in) - len(refused)} were neither let in nor refused": len(came)
        != len(let_in) + len(refused),
        f"{len(let_in)} were let in, of {len(came)} for {capacity} places": len(let_in)
        < min(capacity, len(came)),
        f"nobody was refused of {len(came)} for {capacity} places": len(came) > capacity and not refused,
    }
    return [said for said, is_so in rules.items() if is_so]


def main(capacity: int = 100, times: int = 3) -> int:
    """Print the table and what is wrong; the exit code."""
    wrong = []
    print("| | came | let in | complete | TTFT p50 ms | p99 | refused | refusal p50 ms | p99 |")
    print("|---|---|---|---|---|---|---|---|---|")
    with Stack(env={"CHAT_MAX_STREAMS": str(capacity)}) as stack:
        crowd(stack.port, 10, MODEL)
        for name, count in [("at capacity", capacity), (f"{times} x", times * capacity)]:
            came = crowd(stack.port, count, MODEL)
            print(_row(name, came))
            wrong += [f"{name}: {said}" for said in complaints(came, capacity)]
    print("\n".join(wrong) or "holds: all who were let in got a whole answer, all others were refused")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
