"""`python -m loadtests.proofs.mock`: everything at random for minutes on end, and the exit code."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import click
import psutil

from loadtests.proofs.mock.answers import Answer, answer_to, complaint
from loadtests.proofs.mock.asking import Asked, drawn
from loadtests.proofs.mock.memory import grown, looked_at
from loadtests.rig import await_that, free_port, is_free, running
from loadtests.stack import end_soon_on_sigterm

AT_ONCE = 40
KINDS = 400
LEAVING_SHARE = 0.2
LONGEST_STAY_BYTES = 3000
GROWN_LIMIT_BYTES = 2_000_000
WARM_UP_ANSWERS = 6000
"""By then caches are full, and each worker has looked for garbage."""
WARM_UP_SECONDS = 5.0
SETTLE_SECONDS = 3.0
START_SECONDS = 30.0
SHOWN = 10


@dataclass
class Tally:
    """What came: how many answers of each ending, and what was wrong."""

    endings: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, asked: Asked, came: Answer, alone: Answer) -> None:
        wrong = complaint(came, alone)
        with self.lock:
            self.endings[came.ending] += 1
            if wrong:
                self.complaints.append(
                    f"{asked.path} {asked.fault or 'no fault'}: {wrong}: {asked.body.decode()}"
                )


@dataclass(frozen=True)
class Kept:
    """What the server kept: by how much its busy memory grew, and how many more files it has when idle."""

    memory_bytes: float
    files: int


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--minutes", default=2.0, show_default=True, type=click.FloatRange(min=0.05), help="How long.")
@click.option("--seed", default=1, show_default=True, help="What is drawn; the same seed asks the same.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Workers of the mock.")
def main(minutes: float, seed: int, workers: int) -> None:
    """Ask our mock everything at once: endpoints, forms, faults, cuts, clients that leave.

    Each answer must be, byte for byte, the one that comes when nobody else asks. After a warm-up memory must
    not grow, and no file may stay open.
    """
    port = free_port()
    # A journal that is still filling would be memory that grows as it should.
    command = [sys.executable, "-m", "mockllm", f"--port={port}", f"--workers={workers}", "--journal=200"]
    with running(command) as process:
        if not await_that(lambda: not is_free(port), START_SECONDS):
            raise click.ClickException(f"the mock did not start:\n{process.printed()}")
        requests = drawn(seed, KINDS)
        with ThreadPoolExecutor(AT_ONCE // 4) as pool:
            alone = list(pool.map(lambda asked: answer_to(asked, port), requests))
        warmed = 0
        while warmed < WARM_UP_ANSWERS:
            warmed += busy(port, requests, alone, WARM_UP_SECONDS, seed + warmed).endings.total()
        files = open_files(process.pid)
        with looked_at(process.pid) as looks:
            tally = busy(port, requests, alone, minutes * 60, seed - 1)
        kept = kept_of(looks, files, open_files(process.pid))
    problems = verdict(tally, kept)
    click.echo(told(tally, looks, kept))
    for problem in problems:
        click.echo(f"FAIL {problem}")
    sys.exit(1 if problems else 0)


def kept_of(looks: Sequence[float], files_before: int, files_after: int) -> Kept:
    return Kept(grown(looks), files_after - files_before)


def busy(port: int, requests: Sequence[Asked], alone: Sequence[Answer], seconds: float, seed: int) -> Tally:
    """Ask at random, so many at once, for so long."""
    tally, end = Tally(), time.monotonic() + seconds

    def ask(number: int) -> None:
        draws = random.Random(seed * 1000 + number)
        while time.monotonic() < end:
            which = draws.randrange(len(requests))
            stay = draws.randrange(1, LONGEST_STAY_BYTES) if draws.random() < LEAVING_SHARE else None
            tally.add(requests[which], answer_to(requests[which], port, stay), alone[which])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(ask, number) for number in range(AT_ONCE)]:
            done.result()
    return tally


def open_files(pid: int) -> int:
    """Count the files of the server when it has settled."""
    time.sleep(SETTLE_SECONDS)
    server = psutil.Process(pid)
    return sum(each.num_fds() for each in [server, *server.children(recursive=True)])


def told(tally: Tally, looks: Sequence[float], kept: Kept) -> str:
    """Say in a line what came, and what the server kept."""
    count = tally.endings.total()
    endings = ", ".join(f"{number} {kind}" for kind, number in tally.endings.items())
    memory = f"{looks[0] / 1e6:.1f} to {looks[-1] / 1e6:.1f} MB" if looks else "not looked at"
    return (
        f"{count} answers ({endings}), {len(tally.complaints)} not as planned; memory {memory}, later half "
        f"{kept.memory_bytes / 1e6:+.2f} MB, {kept.memory_bytes / max(count / 2, 1):+.0f} bytes an answer; "
        f"{kept.files:+d} files"
    )


def verdict(tally: Tally, kept: Kept) -> list[str]:
    """List what is wrong."""
    problems = tally.complaints[:SHOWN]
    if len(tally.complaints) > SHOWN:
        problems.append(f"... and {len(tally.complaints) - SHOWN} more")
    if not tally.endings["whole"]:
        problems.append("no answer came whole")
    if kept.memory_bytes > GROWN_LIMIT_BYTES:
        grew, limit = kept.memory_bytes / 1e6, GROWN_LIMIT_BYTES / 1e6
        problems.append(f"memory grew by {grew:.1f} MB from one half to the other (limit {limit:.0f} MB)")
    if kept.files > 0:
        problems.append(f"{kept.files} files are still open")
    return problems


if __name__ == "__main__":
    end_soon_on_sigterm()
    main()
