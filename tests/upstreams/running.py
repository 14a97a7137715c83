"""Programs that nobody here wrote: started, watched and ended."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from loadtests.rig import Program, listens, running

START_SECONDS = 180.0


@contextmanager
def listening(
    command: Sequence[str | Path], port: int, folder: Path, environ: Mapping[str, str]
) -> Iterator[Program]:
    """Run a program until the context ends; waits until its port takes connections. Raises StartError."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with running(command, folder / f"{port}.txt", env={**kept, **environ}, cwd=folder) as program:
        program.await_ready(lambda: listens(port), START_SECONDS, f"on port {port}")
        yield program
