"""What a run asks: an app that is there already, or app and mock that are started for it."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import click

from loadtests.rig import StartError, raise_descriptor_limit
from loadtests.stack.background import Stack

YIELDING = 10
"""By how much nicer than the rest an app is that is asked for its capacity by what runs beside it."""


@dataclass(frozen=True)
class Target:
    url: str
    mock_url: str | None
    """Where it is known."""
    is_ours: bool
    """Whether it was started for the run, on this machine."""
    process_ids: Mapping[str, int] = field(default_factory=dict)
    """Of app and mock, where they were."""


@contextlib.contextmanager
def target(host: str | None, mock_url: str | None, *, yields: bool = False) -> Iterator[Target]:
    """An app that `yields` lets mock and load generator have the cores first; raises ClickException."""
    if host:
        yield Target(host, mock_url, is_ours=False)
        return
    raise_descriptor_limit()  # two for each open stream of the app
    try:
        # A system prompt would be part of what the mock answers, and is none of the expected text.
        with Stack(env={"CHAT_SYSTEM_PROMPT": ""}) as stack:
            if yields:
                _be_nice(stack.processes["web"].pid)
            process_ids = {"app": stack.processes["web"].pid, "mock": stack.processes["mockllm"].pid}
            yield Target(stack.url, stack.mock_url, is_ours=True, process_ids=process_ids)
    except StartError as error:
        raise click.ClickException(str(error)) from error


def reports_folder(path: Path) -> Path:
    """Make it; raises ClickException where nothing can be written there, before anything is asked."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return path
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be written: {error.strerror}") from error


def _be_nice(group: int) -> None:
    niceness = min(19, os.getpriority(os.PRIO_PROCESS, 0) + YIELDING)
    os.setpriority(os.PRIO_PGRP, group, niceness)
    # Where the kernel shares time out among sessions first, a nice value counts within one only.
    with contextlib.suppress(OSError):
        Path(f"/proc/{group}/autogroup").write_text(str(niceness))
