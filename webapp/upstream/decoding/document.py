"""A body that is no event stream but JSON: one object, such as a whole answer, a list, or one a line."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from webapp.upstream.decoding.errors import LineTooLongError
from webapp.upstream.decoding.events import MAX_LINE_BYTES


class DocumentReader:
    """Gives each object to `take`: a line that is one as soon as it is there, all else at the end."""

    def __init__(self, take: Callable[[bytes], bool]) -> None:
        self._take = take
        self._rest = bytearray()
        self._by_lines = True

    def feed(self, data: bytes) -> None:
        """Read on. Raises LineTooLongError, and what `take` raises."""
        self._rest += data
        if self._by_lines and b"\n" in data:
            self._rest = bytearray(self._left_of(bytes(self._rest).split(b"\n")))
        if len(self._rest) > MAX_LINE_BYTES:
            raise LineTooLongError(f"an answer of the upstream exceeds {MAX_LINE_BYTES} bytes")

    def _left_of(self, lines: list[bytes]) -> bytes:
        """Take the lines that are whole, as long as each is an object; returns the rest."""
        for number, whole_line in enumerate(lines[:-1]):
            # Some send an object of their own before the event stream begins.
            line = whole_line.removeprefix(b"data:")
            if line.strip() and not _is_json(line):
                # An object that is spread over lines.
                self._by_lines = False
                return b"\n".join(lines[number:])
            if line.strip() and not self._take(line):
                self._by_lines = False
                return b"\n".join(lines[number + 1 :])
        return lines[-1]

    def end(self) -> None:
        """Read what is left."""
        for item in _items(bytes(self._rest).strip()):
            if not self._take(item):
                return


def _items(document: bytes) -> list[bytes]:
    """Return the objects of a list, or what else there is."""
    try:
        return [bytes(item) for item in msgspec.json.decode(document, type=list[msgspec.Raw])]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return [document] if document else []


def _is_json(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=msgspec.Raw)
    except msgspec.DecodeError:
        return False
    return True
