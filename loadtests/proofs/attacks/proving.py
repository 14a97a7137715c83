"""One attack at full force beside healthy clients: what these notice, what the app keeps of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from loadtests.proofs.attacks.asking import LIMIT_SECONDS
from loadtests.proofs.attacks.attacking import ATTACKS
from loadtests.proofs.attacks.callers import TOKENS_A_MINUTE
from loadtests.proofs.attacks.connections import certified
from loadtests.proofs.attacks.harm import Cost, found
from loadtests.proofs.attacks.holding import Holding
from loadtests.proofs.finding import Finding
from loadtests.rig import SHORT, Stream, Streams, Upstream, await_that, running, upstream
from loadtests.stack import STEADY, Stack

HEALTHY = 50
SECONDS = 4.0
PACE_SECONDS = 0.005
SETTLE_SECONDS = 10.0
PATIENCE_SECONDS = 15.0
HOSTILE = "loadtests.proofs.attacks.hostile"
ATTACKING = "from loadtests.proofs.attacks.attacking import main; main()"
WORKERS = (1, 2)
ARGUMENTS = "GUNICORN_CMD_ARGS"

TOKEN = "0f8a-the-right-one-9c41"  # noqa: S105 - of an app that lives for seconds
LIMITS = {
    f"CHAT_{what}_TIMEOUT_SECONDS": str(LIMIT_SECONDS) for what in ("BODY", "SEND", "FIRST_TOKEN", "TOKEN")
} | {"CHAT_TOTAL_TIMEOUT_SECONDS": str(2 * LIMIT_SECONDS)}


@dataclass(frozen=True)
class Ground:
    """`env` is laid over LIMITS; `headers` are what a healthy request brings."""

    env: Mapping[str, str]
    headers: str = ""
    unread: bool = False
    """Whether the app's log goes into a pipe from which nobody reads."""
    tls: bool = False
    """Whether gunicorn itself ends TLS."""


OPEN = Ground({"CHAT_TOKENS_PER_DAY": "1000000000"})
GROUNDS = {
    "wrong-tokens": Ground(
        {"CHAT_ACCESS_TOKEN": TOKEN, "CHAT_REQUESTS_PER_MINUTE": str(TOKENS_A_MINUTE)},
        f"Authorization: Bearer {TOKEN}\r\n",
    ),
    "logged": Ground({"CHAT_LOG_LEVEL": "info"}, unread=True),
    "handshakes": Ground({}, tls=True),
}
"""For those that are not met in the OPEN."""


def prove() -> Iterator[Finding]:
    return (finding for workers in WORKERS for finding in attacked(workers, ATTACKS))


def attacked(
    workers: int, names: Iterable[str], env: Mapping[str, str] | None = None, seconds: float = SECONDS
) -> Iterator[Finding]:
    """What so many workers make of each attack; `env` is laid over that of the app."""
    ours = {"WEB_CONCURRENCY": str(workers), **(env or {})}
    with upstream(program=HOSTILE) as watched:
        for ground, together in groupby(names, lambda name: GROUNDS.get(name, OPEN)):
            settings = {**STEADY, **LIMITS, "OPENAI_BASE_URL": watched.url, **ground.env, **ours}
            with _standing(ground, settings) as (stack, streams_to):
                with streams_to() as streams:
                    _answers(streams, 1.0)
                for name in together:
                    yield _attacked(stack, watched, streams_to, name, workers, seconds)


@contextmanager
def _standing(ground: Ground, settings: dict[str, str]) -> Iterator[tuple[Stack, Callable[[], Streams]]]:
    """The app on its ground, and what opens healthy streams to it."""
    with ExitStack() as ending:
        tls = None
        if ground.tls:
            file, tls = ending.enter_context(certified())
            arguments = f"{settings.get(ARGUMENTS, '')} --certfile {file}"
            settings = {**settings, ARGUMENTS: arguments}
        stack = ending.enter_context(Stack(env=settings, unread=ground.unread, tls=tls))
        yield stack, partial(Streams, stack.port, ground.headers, tls)


def _attacked(
    stack: Stack,
    watched: Upstream,
    streams_to: Callable[[], Streams],
    name: str,
    workers: int,
    seconds: float,
) -> Finding:
    with streams_to() as streams:
        # The machine's other work is the same for both, as far as two moments can have the same.
        alone = _answers(streams, seconds / 2)
    holding = Holding(stack, watched.port)
    command = [sys.executable, "-c", ATTACKING, name, str(stack.port), str(seconds)]
    with running(command) as attack, streams_to() as streams:
        beside, shares = _answers(streams, seconds), holding.shares()
        attack.wait(PATIENCE_SECONDS)
        # An attack that broke off has said why.
        unended = int(attack.printed())
    await_that(lambda: holding.files() <= 0, SETTLE_SECONDS)
    cost = Cost(holding.peak_bytes(), holding.files(), unended, holding.lines(), *shares)
    return found(f"{name}, {workers} worker(s)", alone, beside, cost)


def _answers(streams: Streams, seconds: float) -> list[Stream]:
    """What HEALTHY clients got, who for so long each asked again as soon as they had their answer."""
    asked: list[Stream] = []
    waiting: list[Stream] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if len(waiting) < HEALTHY:
            waiting.append(streams.ask("mock", SHORT))
            asked.append(waiting[-1])
        streams.read_for(PACE_SECONDS)
        waiting = [stream for stream in waiting if not stream.ended_at]
    streams.read_to_end(waiting, 10)
    return asked
