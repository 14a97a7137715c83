"""The counting client as a process: a load goes in, and what it notes comes out as soon as it does."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from typing import IO, cast

import msgspec

from loadtests.rig.cores import on_cores
from loadtests.rig.counting.load import Load, Mark, Outcome
from loadtests.rig.processes import ROOT


def counted(load: Load, *, on: frozenset[int] = frozenset()) -> Iterator[Mark | Outcome]:
    """Run the load from these cores; each mark as soon as it is passed, the outcome last.

    Raises RuntimeError if the client ends without an outcome.
    """
    with on_cores(on):
        # Not a Program, which is told nothing and prints into a file: each mark is waited for.
        process = subprocess.Popen(
            [sys.executable, "-m", "loadtests.rig.counting"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        )
    stdin, stdout = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
    try:
        with contextlib.suppress(BrokenPipeError), stdin:
            stdin.write(msgspec.json.encode(load))
        for line in stdout:
            if not line.startswith(b'{"at"'):
                yield msgspec.json.decode(line, type=Outcome)
                return
            yield msgspec.json.decode(line, type=Mark)
        raise RuntimeError("the counting client ended without an outcome")
    finally:
        process.kill()
        process.wait()
        stdout.close()
