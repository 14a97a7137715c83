"""Decodes the event stream of `POST /chat`: blocks of bytes to objects, each as soon as it is complete.

On purpose it shares nothing with the app's own decoder: a shared one could not catch its own mistake.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from loadtests.chat.timing import BadAnswerError, Item

Kind = TypeVar("Kind")

LINE_END = re.compile(rb"\r\n|\r|\n")
MALFORMED = "malformed: not the JSON of the interface"
DATA = b"data:"


class _Object(msgspec.Struct, gc=False):
    """As much of an object as nearly all of them are looked at for."""

    type: Any = None
    text: Any = None


_decode: msgspec.json.Decoder[_Object] = msgspec.json.Decoder(_Object)


def chat_items(blocks: Iterable[bytes]) -> Iterator[Item]:
    """The text of each delta and the object of all else; raises BadAnswerError where an event holds none."""
    for payload in payloads(blocks):
        try:
            found = _decode.decode(payload)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise BadAnswerError(MALFORMED) from error
        if found.type == "delta" and isinstance(found.text, str):
            yield found.text
        else:
            yield decoded(payload, dict[str, object])


def objects(blocks: Iterable[bytes]) -> Iterator[dict[str, object]]:
    """The JSON object of each event; raises BadAnswerError for an event that holds anything else."""
    return (decoded(payload, dict[str, object]) for payload in payloads(blocks))


def decoded(data: bytes, kind: type[Kind]) -> Kind:
    """The value of this type that the JSON is; raises BadAnswerError if it is none."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadAnswerError(MALFORMED) from error


def payloads(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The data of each event that its blank line has completed; one that the end of the stream cut is none.

    The interface puts all data of an event on one line; raises BadAnswerError where there are several.
    """
    payload: bytes | None = None
    splitter = Splitter()
    for block in blocks:
        if payload is None and not splitter.rest and _is_one_event(block):
            splitter.after_cr = False
            yield block[len(DATA) : -2]
            continue
        for line in splitter.lines(block):
            if line.startswith(DATA):
                if payload is not None:
                    raise BadAnswerError("malformed: two data lines in one event")
                payload = line[len(DATA) :]
            elif not line and payload is not None:
                yield payload
                payload = None


def _is_one_event(block: bytes) -> bool:
    """Whether it is one event and nothing else, as nearly all blocks are: a split costs five times this."""
    return (
        block.startswith(DATA) and block.endswith(b"\n\n") and block.count(b"\n") == 2 and b"\r" not in block
    )


class Splitter:
    """Splits blocks into lines, wherever they are cut; `rest` is the line that has begun."""

    def __init__(self) -> None:
        self.rest = b""
        self.after_cr = False

    def lines(self, block: bytes) -> list[bytes]:
        # The CR has already ended the line: a LF that follows it in the next block belongs to it.
        rest = self.rest + (block[1:] if self.after_cr and block.startswith(b"\n") else block)
        self.after_cr = block.endswith(b"\r") if block else self.after_cr
        # A third of the time where there is no CR, as in nearly all streams.
        *complete, self.rest = LINE_END.split(rest) if b"\r" in rest else rest.split(b"\n")
        return complete
