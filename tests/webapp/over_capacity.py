"""What a full house does to those it refuses and to those it has let in.

python -m tests.webapp.over_capacity            capacity 100, asked by 100, then by 300
python -m tests.webapp.over_capacity 200 3      capacity 200, three times as many
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass

from loadtests.measuring import percentile
from loadtests.stack import Stack

MODEL = "mock-ttft200-itl20-tokens100"
ARRIVAL_SECONDS = 1.0
"""Within which all of them come, evenly spread: before the first answer ends."""


@dataclass(frozen=True)
class Visit:
    """One request. Times in seconds after it was sent."""

    status: int
    code: str
    headers_after: float
    first_token_after: float | None
    is_complete: bool


async def visits(port: int, count: int, model: str = MODEL) -> list[Visit]:
    """Ask `count` times within ARRIVAL_SECONDS."""
    began = time.monotonic()

    async def visit(index: int) -> Visit:
        await asyncio.sleep(began + index * ARRIVAL_SECONDS / count - time.monotonic())
        return await _visit(port, model)

    return await asyncio.gather(*(visit(index) for index in range(count)))


async def _visit(port: int, model: str) -> Visit:
    body = json.dumps({"prompt": "What is a token?", "model": model}).encode()
    head = (
        "POST /chat HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    sent_at = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(head.encode() + body)
        status = int((await reader.readuntil(b"\r\n\r\n")).split()[1])
        headers_after = time.monotonic() - sent_at
        received = b""
        first_token_after = None
        while data := await reader.read(65_536):
            received += data
            if first_token_after is None and b'"type":"delta"' in received:
                first_token_after = time.monotonic() - sent_at
    finally:
        writer.close()
    code = json.loads(received)["error"]["code"] if status != 200 else ""
    is_complete = b'"type":"done"' in received and received.endswith(b"0\r\n\r\n")
    return Visit(status, code, headers_after, first_token_after, is_complete)


def _row(name: str, came: list[Visit]) -> str:
    let_in = [visit for visit in came if visit.status == 200]
    refused = [visit.headers_after * 1000 for visit in came if visit.status == 503]
    tokens = [visit.first_token_after * 1000 for visit in let_in if visit.first_token_after is not None]
    cells = [
        len(came),
        len(let_in),
        sum(visit.is_complete for visit in let_in),
        f"{percentile(tokens, 0.5):.0f}",
        f"{percentile(tokens, 0.99):.0f}",
        len(refused),
        f"{percentile(refused, 0.5):.1f}",
        f"{percentile(refused, 0.99):.1f}",
    ]
    return f"| {name} | " + " | ".join(str(cell) for cell in cells) + " |"


def main(capacity: int = 100, times: int = 3) -> None:
    """Print the table."""
    print("| | came | let in | complete | TTFT p50 ms | p99 | refused | refusal p50 ms | p99 |")
    print("|---|---|---|---|---|---|---|---|---|")
    with Stack(env={"CHAT_MAX_STREAMS": str(capacity)}) as stack:
        asyncio.run(visits(stack.port, 10))
        for name, count in [("at capacity", capacity), (f"{times} x", times * capacity)]:
            print(_row(name, asyncio.run(visits(stack.port, count))))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
