"""The stand of a search: our app with a core of its own, in front of an upstream that costs a tenth of it."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

from loadtests.rig import HOST, Upstream, cores, fetched, free_port, raise_descriptor_limit, running, upstream
from loadtests.stack import NO_LIMITS, answers, environments, process_lines

READY_SECONDS = 30.0
MODEL = "bench"


@dataclass(frozen=True)
class Stand:
    url: str
    port: int
    pid: int
    upstream: Upstream


@contextlib.contextmanager
def stand() -> Iterator[Stand]:
    """Start both, wait until the app answers, end both; raises StartError."""
    raise_descriptor_limit()
    there = cores()
    with upstream(on=there.load) as behind:
        port = free_port()
        web = environments(port, behind.port, {"WEB_CONCURRENCY": "1", **NO_LIMITS, **os.environ})["web"]
        environ = {**web, "CHAT_MODEL": MODEL, "CHAT_MODELS": f"{MODEL}*"}
        with running(f"exec {process_lines()['web']}", env=environ, on=there.measured) as app:
            app.await_ready(lambda: answers(port), READY_SECONDS, f"on port {port}")
            _warm_up(port)
            yield Stand(f"http://{HOST}:{port}", port, app.pid, behind)


def _warm_up(port: int) -> None:
    """The first answer loads what is loaded late."""
    fetched(port, "/chat", question(f"{MODEL}-tokens10-every1"), seconds=READY_SECONDS)


def question(model: str) -> str:
    return f'{{"model":"{model}","prompt":"Write an 800-word essay on quantum mechanics"}}'
