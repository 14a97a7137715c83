"""A directory of cassettes: one file for each recording, named by what was asked and which take it is."""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from mockllm.journal.cassettes.cassette import Cassette, RecordedRequest, decode_cassette, encode_cassette
from mockllm.journal.cassettes.matching import nearest, request_key

_TAKE = re.compile(r"-([0-9]{1,9})$")


class CassetteError(ValueError):
    """A directory that cannot be played from; the message names the file."""


class Library:
    """The recordings of a directory; those that others make meanwhile are read when they are asked for."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._takes: dict[str, list[Cassette]] = defaultdict(list)
        self._files: dict[int, str] = {}

    def load(self, *, may_be_empty: bool = False) -> "Library":
        """Read all files. Raises CassetteError if one is no cassette, or if there must be one and is none."""
        paths = sorted(self.directory.glob("*.json"), key=_order)
        if not paths and not may_be_empty:
            raise CassetteError(f"{self.directory}: no cassettes (*.json) there")
        self._read(paths)
        return self

    def _read(self, paths: Iterable[Path]) -> None:
        for path in paths:
            try:
                cassette = decode_cassette(path.read_bytes())
            except (OSError, ValueError) as error:
                raise CassetteError(f"{path}: {error}") from error
            self._takes[request_key(cassette.request)].append(cassette)
            self._files[id(cassette.request)] = path.name

    def __len__(self) -> int:
        return sum(map(len, self._takes.values()))

    def find(self, asked: RecordedRequest, attempt: int = 0) -> Cassette | None:
        """Return a recording of a request: with each attempt, counted from 0, the next take."""
        if request_key(asked) not in self._takes:
            # It may have been recorded since, by this worker or another.
            self._read(sorted(self.directory.glob(f"{_stem(asked)}-*.json"), key=_order))
        takes = self._takes.get(request_key(asked))
        return takes[min(attempt, len(takes) - 1)] if takes else None

    def describe_nearest(self, asked: RecordedRequest) -> str:
        """Say what was recorded instead, for a request that was not."""
        recorded = [cassette.request for takes in self._takes.values() for cassette in takes]
        found = nearest(asked, recorded)
        if found is None:
            asked_for = sorted({f"{request.method} {request.path}" for request in recorded})
            return f"the cassettes hold only {', '.join(asked_for)}"
        request, differences = found
        return f"the nearest is {self._files[id(request)]}, which differs in {differences}"

    def save(self, cassette: Cassette) -> Path:
        """Write a cassette as the next take of its request, whoever else writes at the same time."""
        self.directory.mkdir(parents=True, exist_ok=True)
        data = encode_cassette(cassette)
        stem = _stem(cassette.request)
        take = len(list(self.directory.glob(f"{stem}-*.json"))) + 1
        while True:
            path = self.directory / f"{stem}-{take}.json"
            try:
                with path.open("xb") as file:
                    file.write(data)
            except FileExistsError:
                take += 1
            else:
                return path


def _stem(asked: RecordedRequest) -> str:
    return f"{_slug(asked.path)}-{request_key(asked)[:12]}"


def _slug(path: str) -> str:
    words = re.findall(r"[A-Za-z0-9_.]+", path.partition("?")[0].removeprefix("/v1"))
    return "-".join(words)[:60] or "root"


def _order(path: Path) -> tuple[str, int]:
    match = _TAKE.search(path.stem)
    return (path.stem[: match.start()], int(match[1])) if match else (path.stem, 0)
