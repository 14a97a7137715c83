"""SIGTERM to every process at once, as Heroku sends it, in the middle of many answers."""

from __future__ import annotations

import signal
import time

from loadtests.proofs.finding import Finding, counted
from loadtests.rig import Stream, Streams, send_signal, terminals
from loadtests.stack import STEADY, Stack

STREAMS = 200
GRACE_SECONDS = 6
MODEL = "mock-ttft100-itl50-tokens2000"


def prove() -> list[Finding]:
    env = {**STEADY, "WEB_CONCURRENCY": "2", "CHAT_SHUTDOWN_GRACE_SECONDS": str(GRACE_SECONDS)}
    with Stack(env=env) as stack, Streams(stack.port) as streams:
        opened = [streams.ask(MODEL, "Hi") for _ in range(STREAMS)]
        streams.read_until(lambda: all(stream.first_text_at for stream in opened), 10)
        web = stack.processes["web"]
        told_at = send_signal(signal.SIGTERM, [web.pid, *(worker.pid for worker in stack.workers())])
        streams.read_to_end(opened, GRACE_SECONDS + 2)
        code = web.wait(GRACE_SECONDS)
        took = time.monotonic() - told_at
        said = stack.output("web")
    endings = counted(map(_ending, opened))
    return [
        Finding(
            f"SIGTERM to all processes, {STREAMS} open streams, 2 workers",
            f"{STREAMS} terminal objects, 0 cut, gone within {GRACE_SECONDS} s",
            f"{', '.join(f'{count} {name}' for name, count in endings.items())}; gone after {took:.1f} s",
            endings == {"interrupted": STREAMS} and took <= GRACE_SECONDS and code == 0 and not said,
            {"exit_code": code, "printed": said[-2000:]},
        )
    ]


def _ending(stream: Stream) -> str:
    if not stream.whole:
        return "cut"
    last = terminals(stream)
    return str(last[0].get("finish_reason", "error")) if len(last) == 1 else f"{len(last)} terminal objects"
