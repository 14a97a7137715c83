"""SIGTERM to every process at once, as Heroku sends it, in the middle of many answers."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence

from loadtests.proofs.faults import expected_text
from loadtests.proofs.finding import Finding, counted
from loadtests.rig import Stream, Streams, send_signal, terminals
from loadtests.stack import STEADY, Stack

STREAMS = 200
GRACE_SECONDS = 6
MODEL = "mock-ttft100-itl50-tokens2000"
PROMPT = "Hi"


def prove() -> list[Finding]:
    env = {**STEADY, "WEB_CONCURRENCY": "2", "CHAT_SHUTDOWN_GRACE_SECONDS": str(GRACE_SECONDS)}
    with Stack(env=env) as stack, Streams(stack.port) as streams:
        text = expected_text(stack, MODEL, PROMPT)
        opened = [streams.ask(MODEL, PROMPT) for _ in range(STREAMS)]
        streams.read_until(lambda: all(stream.first_text_at for stream in opened), 10)
        web = stack.processes["web"]
        told_at = send_signal(signal.SIGTERM, [web.pid, *(worker.pid for worker in stack.workers())])
        streams.read_to_end(opened, GRACE_SECONDS + 2)
        code = web.wait(GRACE_SECONDS)
        took = time.monotonic() - told_at
        said = stack.output("web")
    return [found(opened, text, took, code, said)]


def found(opened: Sequence[Stream], text: str, took: float, code: int, said: str) -> Finding:
    """What became of the answers that were open, and how the app ended: after how long, how, saying what."""
    endings = counted(_ending(stream, text) for stream in opened)
    return Finding(
        f"SIGTERM to all processes, {len(opened)} open streams, 2 workers",
        f"{len(opened)} terminal objects, 0 cut, gone within {GRACE_SECONDS} s",
        f"{', '.join(f'{count} {name}' for name, count in endings.items())}; gone after {took:.1f} s",
        endings == {"interrupted": len(opened)} and took <= GRACE_SECONDS and code == 0 and not said,
        {"exit_code": code, "printed": said[-2000:]},
    )


def _ending(stream: Stream, text: str) -> str:
    if not stream.whole:
        return "cut"
    last = terminals(stream)
    if len(last) != 1:
        return f"{len(last)} terminal objects"
    if not stream.text() or not text.startswith(stream.text()):
        return "wrong text"
    return str(last[0].get("finish_reason", "error"))
