"""One of two workers is killed under load."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from loadtests.proofs.faults import expected_text
from loadtests.proofs.finding import Finding, counted
from loadtests.rig import WHOLE, Stream, Streams, await_that, complaint, send_signal
from loadtests.stack import STEADY, Stack

STREAMS = 100
MODEL, RETRY_MODEL = "mock-ttft50-itl20-tokens200", "mock-ttft0-itl0-tokens5"
PROMPT = "Hi"
PATIENCE_SECONDS = 20.0


def prove() -> list[Finding]:
    with Stack(env={**STEADY, "WEB_CONCURRENCY": "2"}) as stack, Streams(stack.port) as streams:
        texts = [expected_text(stack, model, PROMPT) for model in (MODEL, RETRY_MODEL)]
        opened = [streams.ask(MODEL, PROMPT) for _ in range(STREAMS)]
        streams.read_until(lambda: all(stream.first_text_at for stream in opened), 10)
        killed, survivor = stack.workers()
        ports = {found.raddr.port for found in killed.net_connections("tcp") if found.raddr}
        lost = [stream for stream in opened if stream.sock.getsockname()[1] in ports]
        send_signal(signal.SIGKILL, [killed.pid])
        streams.read_to_end(opened, PATIENCE_SECONDS)
        replaced = await_that(lambda: len({*stack.workers()} - {killed}) == 2, PATIENCE_SECONDS)
        retries = [streams.ask(RETRY_MODEL, PROMPT) for _ in lost]
        streams.read_to_end(retries, PATIENCE_SECONDS)
        kept = [stream for stream in opened if stream not in lost]
        return [found(kept, lost, retries, texts, two_again=replaced and survivor.is_running())]


def found(
    kept: Sequence[Stream],
    lost: Sequence[Stream],
    retries: Sequence[Stream],
    texts: Sequence[str],
    *,
    two_again: bool,
) -> Finding:
    """What the answers of the surviving worker, of the killed one, and of those who asked again say."""
    whole_text, retry_text = texts
    harms = [said for stream in kept if (said := complaint(stream, WHOLE, whole_text))]
    cut = [stream for stream in lost if _is_visibly_cut(stream, whole_text)]
    failures = [said for stream in retries if (said := complaint(stream, WHOLE, retry_text))]
    return Finding(
        f"SIGKILL of one of 2 workers under {len(kept) + len(lost)} streams",
        "the other's unharmed, the killed one's visibly cut, each retry served by two workers again",
        f"{len(kept) - len(harms)} of {len(kept)} unharmed, {len(cut)} of {len(lost)} cut, "
        f"{len(retries) - len(failures)} of {len(lost)} retries right",
        bool(kept and lost)
        and not harms
        and len(cut) == len(lost) == len(retries)
        and not failures
        and two_again,
        {"harms": counted(harms), "failed_retries": counted(failures)},
    )


def _is_visibly_cut(stream: Stream, text: str) -> bool:
    return bool(stream.ended_at) and not stream.whole and text.startswith(stream.text())
