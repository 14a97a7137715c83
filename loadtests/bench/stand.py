"""The stand on which one contender at a time runs, upstream and client on one core, it on another."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from loadtests.bench.client import LAST_CHUNK
from loadtests.bench.contenders import Contender, MissingError, Place
from loadtests.measuring import cpu_seconds
from loadtests.rig import HOST, ROOT, free_port

READY_SECONDS = 60.0
POLL_SECONDS = 0.005
WARM_UP_REQUESTS = 5


@dataclass
class Stand:
    """A contender that answers, and the upstream behind it."""

    contender: Contender
    port: int
    upstream_port: int
    pid: int
    upstream_pid: int
    start_seconds: float
    """From the start of the contender's process to the first streamed token."""

    def upstream_stats(self) -> dict[str, float]:
        """What the upstream says of itself."""
        connection = http.client.HTTPConnection(HOST, self.upstream_port, timeout=10)
        connection.request("GET", "/stats")
        stats: dict[str, float] = json.loads(connection.getresponse().read())
        connection.close()
        return stats

    def upstream_cpu(self) -> float:
        """The CPU time that the upstream has used."""
        return cpu_seconds(self.upstream_pid)


@contextlib.contextmanager
def stand(contender: Contender) -> Iterator[Stand]:
    """Start upstream and contender, wait until a streamed answer comes through, end both."""
    with contextlib.ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="first-token-bench-")))
        place = Place(free_port(), free_port(), folder)
        upstream = cleanup.enter_context(
            _process(
                [sys.executable, "-m", "loadtests.bench.upstream", str(place.upstream_port)], {}, LOAD, folder
            )
        )
        _await_port(place.upstream_port, upstream, folder)
        if contender.command is None:
            yield Stand(contender, place.upstream_port, place.upstream_port, upstream.pid, upstream.pid, 0.0)
            return
        command = contender.command(place)
        started = time.monotonic()
        process = cleanup.enter_context(_process(command, contender.environ(place), CONTENDER, folder))
        _await_answer(contender, place.port, process, folder)
        seconds = time.monotonic() - started
        for _ in range(WARM_UP_REQUESTS):
            ask(contender, place.port, "bench-tokens10-every1")
        yield Stand(contender, place.port, place.upstream_port, process.pid, upstream.pid, seconds)


def ask(contender: Contender, port: int, model: str) -> tuple[float, bytes]:
    """Ask once, over a connection of its own: the seconds to the first token, and all bytes."""
    with socket.create_connection((HOST, port), timeout=READY_SECONDS) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sent_at = time.perf_counter()
        sock.sendall(contender.request(model).encode())
        data, first = b"", 0.0
        while not data.endswith(LAST_CHUNK):
            read = sock.recv(65536)
            if not read:
                raise ConnectionError(data[-300:].decode(errors="replace"))
            data += read
            first = first or (time.perf_counter() - sent_at if b"quantum" in data else 0.0)
        return first, data


def cores() -> tuple[set[int], set[int]]:
    """Return the cores of the load and that of the contender, the same only where there is but one."""
    there = sorted(os.sched_getaffinity(0))
    return (set(there[1:]), {there[0]}) if len(there) > 1 else (set(there), set(there))


LOAD, CONTENDER = cores()


@contextlib.contextmanager
def on_cores(chosen: set[int]) -> Iterator[None]:
    """Let what is started meanwhile run on these cores only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, chosen)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def raise_descriptor_limit() -> int:
    """Let this process and its children open as many files as the system allows; returns how many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


@contextlib.contextmanager
def _process(
    command: list[str], environ: Mapping[str, str], chosen: set[int], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "log").open("ab") as log, on_cores(chosen):
        process = subprocess.Popen(  # noqa: S603  # a contender's own command
            command,
            env={**os.environ, **environ},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(2)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _await_port(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in _tries(process, folder):
        with contextlib.suppress(OSError), socket.create_connection((HOST, port)):
            return


def _await_answer(contender: Contender, port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    failure = "no answer"
    for _ in _tries(process, folder):
        try:
            first, data = ask(contender, port, "bench-tokens1-every1")
        except OSError as error:
            failure = str(error)
            continue
        if first:
            return
        failure = data[-300:].decode(errors="replace")
        time.sleep(POLL_SECONDS)
    raise MissingError(f"{contender.name} gives no streamed answer: {failure}")


def _tries(process: subprocess.Popen[bytes], folder: Path) -> Iterator[None]:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            log = (folder / "log").read_text(errors="replace")
            raise MissingError(f"exited with {process.returncode}: {log[-2000:]}")
        yield
        time.sleep(POLL_SECONDS)
