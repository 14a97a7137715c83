"""The mocks that are measured: how each is got, started and asked."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from loadtests.rig import HOST, ROOT, cores, free_port, listens, running

AIMOCK = "@copilotkit/aimock@1.43.0"
FOLDER = ROOT / "build" / "mockbench"
WORD = '"delta":{"content":'
"""Comes once in each event that carries a token, with every mock."""

_QUESTION = "Tell me about rivers"
_READY_SECONDS = 20.0


@dataclass(frozen=True)
class MockLoad:
    """A load: so many answers at once, each of so many tokens, so many milliseconds apart."""

    count: int
    tokens: int
    gap_ms: int

    @property
    def seconds(self) -> float:
        """How long an answer takes by plan, from its first token to its last."""
        return (self.tokens - 1) * self.gap_ms / 1000


@dataclass(frozen=True)
class Mock:
    """One mock: the command for a port and a load, and the model that asks for this load."""

    name: str
    command: Callable[[int, MockLoad], list[str]]
    model: Callable[[MockLoad], str]
    cores: Callable[[], frozenset[int]] = lambda: cores().measured

    @property
    def shares_cores(self) -> bool:
        """Whether the load runs on one of its cores."""
        return not cores().are_apart or bool(self.cores() & cores().load)

    def request(self, streams: MockLoad) -> str:
        """Return the HTTP request for one answer."""
        messages = [{"role": "user", "content": _QUESTION}]
        body = json.dumps({"model": self.model(streams), "stream": True, "messages": messages})
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n{body}"


@contextlib.contextmanager
def running_mock(mock: Mock, streams: MockLoad) -> Iterator[tuple[int, int]]:
    """Run a mock on its cores; its port and process id. Raises StartError if it does not start."""
    port = free_port()
    with running(mock.command(port, streams), on=mock.cores()) as process:
        process.await_ready(lambda: listens(port), _READY_SECONDS, f"on port {port}")
        yield port, process.pid


def ours(workers: int) -> Mock:
    """Our mock with so many workers, each on a core of its own if there are as many."""

    def command(port: int, _streams: MockLoad) -> list[str]:
        return [sys.executable, "-m", "mockllm", f"--port={port}", f"--workers={workers}"]

    def chosen() -> frozenset[int]:
        free = [*cores().measured, *sorted(cores().load, reverse=True)]
        return frozenset(free[:workers])

    return Mock("mockllm", command, _paced, chosen)


def _paced(streams: MockLoad) -> str:
    return f"mock-ttft0-itl{streams.gap_ms}-tokens{streams.tokens}"


def _aimock(port: int, streams: MockLoad) -> list[str]:
    program = FOLDER / "node_modules" / ".bin" / "llmock"
    if not program.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError("aimock needs npm")
        FOLDER.mkdir(parents=True, exist_ok=True)
        subprocess.run([npm, "install", "--silent", "--prefix", str(FOLDER), AIMOCK], check=True)  # noqa: S603
    fixture = FOLDER / f"{streams.tokens}.json"
    # Its unit is the character: words of five, sent in chunks of five.
    text = "".join(f"{number % 10000:04d} " for number in range(streams.tokens))
    fixture.write_text(
        json.dumps({"fixtures": [{"match": {"userMessage": _QUESTION}, "response": {"content": text}}]})
    )
    options = f"--port {port} --host {HOST} --chunk-size 5 --latency {streams.gap_ms} --log-level silent"
    return [str(program), "--fixtures", str(fixture), *options.split()]


OURS = ours(workers=1)
OTHER = Mock("aimock", _aimock, lambda _: "gpt-4o")
