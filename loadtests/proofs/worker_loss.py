"""One of two workers is killed under load."""

from __future__ import annotations

import signal

from loadtests.proofs.finding import Finding
from loadtests.rig import Stream, Streams, await_that, send_signal, terminals
from loadtests.stack import STEADY, Stack

STREAMS = 100
MODEL = "mock-ttft50-itl20-tokens200"
PATIENCE_SECONDS = 20.0


def prove() -> list[Finding]:
    with Stack(env={**STEADY, "WEB_CONCURRENCY": "2"}) as stack, Streams(stack.port) as streams:
        opened = [streams.ask(MODEL, "Hi") for _ in range(STREAMS)]
        streams.read_until(lambda: all(stream.first_text_at for stream in opened), 10)
        killed, survivor = stack.workers()
        ports = {found.raddr.port for found in killed.net_connections("tcp") if found.raddr}
        lost = [stream for stream in opened if stream.sock.getsockname()[1] in ports]
        send_signal(signal.SIGKILL, [killed.pid])
        streams.read_to_end(opened, PATIENCE_SECONDS)
        replaced = await_that(lambda: len({*stack.workers()} - {killed}) == 2, PATIENCE_SECONDS)
        retries = [streams.ask("mock-ttft0-itl0-tokens5", "Hi") for _ in lost]
        streams.read_to_end(retries, PATIENCE_SECONDS)
        unharmed = [stream for stream in opened if stream not in lost and is_done(stream)]
        kept, cut = STREAMS - len(lost), sum(not stream.whole for stream in lost)
        return [
            Finding(
                f"SIGKILL of one of 2 workers under {STREAMS} streams",
                "the other's unharmed, the killed one's visibly cut, each retry served by two workers again",
                f"{len(unharmed)} of {kept} unharmed, {cut} of {len(lost)} cut, "
                f"{sum(map(is_done, retries))} of {len(lost)} retries done",
                len(unharmed) == kept > 0
                and cut == len(lost)
                and all(map(is_done, retries))
                and replaced
                and survivor.is_running(),
            )
        ]


def is_done(stream: Stream) -> bool:
    """Whether the answer came to its end, with one last word that calls it done."""
    return stream.whole and stream.status == 200 and [end["type"] for end in terminals(stream)] == ["done"]
