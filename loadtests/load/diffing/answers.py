"""The answers of a run that has been written down, and what it said of itself."""

from pathlib import Path

import msgspec

from loadtests.load.processes.records import Record
from loadtests.load.report import Report, read

ANSWERS, FIGURES = "answers.jsonl", "summary.json"


class DiffError(Exception):
    """A run that cannot be read, said in one line."""


def answers_of(path: Path) -> list[Record]:
    """Those of a file, or of `answers.jsonl` in a folder; raises DiffError."""
    file = path / ANSWERS if path.is_dir() else path
    try:
        return msgspec.json.Decoder(Record).decode_lines(file.read_bytes())
    except (OSError, msgspec.MsgspecError) as error:
        raise DiffError(f"{file}: {error}") from error


def figures_of(path: Path) -> Report | None:
    """What the run in that folder said of itself, where there is that; raises DiffError."""
    file = (path if path.is_dir() else path.parent) / FIGURES
    try:
        return read(file) if file.exists() else None
    except (OSError, msgspec.MsgspecError) as error:
        raise DiffError(f"{file}: {error}") from error
