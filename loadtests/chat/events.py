"""Decodes the event stream of `POST /chat`: blocks of bytes to objects, each as soon as it is complete.

On purpose it shares nothing with the app's own decoder: a shared one could not catch its own mistake.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec

from loadtests.chat.timing import BadAnswerError

Kind = TypeVar("Kind")

LINE_END = re.compile(rb"\r\n|\r|\n")


def objects(blocks: Iterable[bytes]) -> Iterator[dict[str, object]]:
    """The JSON object of each event; raises BadAnswerError for an event that holds anything else."""
    return (decoded(payload, dict[str, object]) for payload in payloads(blocks))


def decoded(data: bytes, kind: type[Kind]) -> Kind:
    """The value of this type that the JSON is; raises BadAnswerError if it is none."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadAnswerError("malformed: not the JSON of the interface") from error


def payloads(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The data of each event that its blank line has completed; one that the end of the stream cut is none.

    The interface puts all data of an event on one line; raises BadAnswerError where there are several.
    """
    payload: bytes | None = None
    for line in lines(blocks):
        if line.startswith(b"data:"):
            if payload is not None:
                raise BadAnswerError("malformed: two data lines in one event")
            payload = line[len(b"data:") :]
        elif not line and payload is not None:
            yield payload
            payload = None


def lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines, wherever the blocks are cut; a last line without an end is dropped."""
    rest = b""
    after_cr = False
    for block in blocks:
        # The CR has already ended the line: a LF that follows it in the next block belongs to it.
        rest += block[1:] if after_cr and block.startswith(b"\n") else block
        after_cr = block.endswith(b"\r") if block else after_cr
        # A third of the time where there is no CR, as in nearly all streams.
        *complete, rest = LINE_END.split(rest) if b"\r" in rest else rest.split(b"\n")
        yield from complete
