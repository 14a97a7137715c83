"""Faults of form: the same answer in unusual packets and lines, legal or damaged."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import msgspec

from mockllm.faults.fault import Fault, is_streamed, is_struck, parted
from mockllm.values import Reply, Send

_PIECE_GAP_SECONDS = 0.001
_LINE_END = re.compile(rb"\r?\n")
_FIELD = re.compile(rb"^(data|event): ", re.MULTILINE)
_SEQUENCE_NUMBER = re.compile(rb'"sequence_number":(\d+)')


def split(reply: Reply, fault: Fault) -> Reply:
    """Each event comes in many segments, cut inside its names, line ends and characters.

    At a token only its event is cut, and with a byte only there.
    """
    return replace(reply, sends=list(_split(reply, fault)))


def glue(reply: Reply, fault: Fault) -> Reply:
    """From the token on, as many events as the amount says share a segment, when the last of them is due."""
    before, after = parted(reply, fault)
    size = max(fault.amount, 1)
    groups = (after[start : start + size] for start in range(0, len(after), size))
    return replace(reply, sends=[*before, *map(_together, groups)])


def crlf(reply: Reply, _fault: Fault) -> Reply:
    """Lines end in CR LF."""
    return _rewritten(reply, lambda data: _LINE_END.sub(b"\r\n", data))


def comments(reply: Reply, _fault: Fault) -> Reply:
    """A comment of its own before each event, and one inside it."""
    return _rewritten(reply, lambda data: b": MOCK PROCESSING\n\n" + data.replace(b"data:", b":\ndata:", 1))


def no_space(reply: Reply, _fault: Fault) -> Reply:
    """No space after the colon of a field."""
    return _rewritten(reply, lambda data: _FIELD.sub(rb"\1:", data))


def malformed(reply: Reply, fault: Fault) -> Reply:
    """The JSON of the token's event breaks off, in its middle or after `byte` bytes; the stream goes on."""
    before, after = parted(reply, fault)
    if not after:
        return replace(reply, sends=before)
    struck, *rest = after
    if not is_streamed(reply):
        return _with_body(reply, struck, struck.data[: _at_or_half(fault, struck.data)])
    end = struck.data.rstrip(b"\r\n")
    broken = end[: _at_or_half(fault, end)] + b"\n\n"
    return replace(reply, sends=[*before, struck._replace(data=broken), *rest])


def error_event(reply: Reply, fault: Fault) -> Reply:
    """An error object in place of the token, and a proper end of the body; the status stays 200."""
    before, after = parted(reply, fault)
    struck = after[0] if after else before[-1]
    if not is_streamed(reply):
        return _with_body(reply, struck, reply.failure.body)
    number = _SEQUENCE_NUMBER.search(struck.data)
    data = reply.failure.event.replace(b"%d", number[1]) if number else reply.failure.event
    if reply.failure.between:
        # What begins an array has to come in any case; what ends it is part of the error.
        before = (before or after[:1]) if after else before[:-1]
        data = reply.failure.between + data if any(send.token is not None for send in before) else data
    return replace(reply, sends=[*before, Send(struck.due, data, None)])


def empty_choices(reply: Reply, fault: Fault) -> Reply:
    """A chunk without choices before the token, or before all others, as Azure sends first; else unchanged.

    An unstreamed answer has no choices. Other APIs than chat and completions have none to lose.
    """
    before, after = parted(reply, fault)
    if not after:
        return replace(reply, sends=before)
    struck, *rest = after
    chunk = _without_choices(struck.data.removeprefix(b"data: ").partition(b"\n\n")[0])
    if chunk is None:
        return replace(reply, sends=[*before, *after])
    if not is_streamed(reply):
        return _with_body(reply, struck, chunk)
    return replace(reply, sends=[*before, Send(struck.due, b"data: %b\n\n" % chunk, None), struck, *rest])


def _split(reply: Reply, fault: Fault) -> Iterator[Send]:
    free, is_done = 0.0, False
    for send in reply.sends:
        is_hit = not is_done and is_struck(reply, fault, send)
        is_done = is_done or (is_hit and fault.token is not None)
        *pieces, last = _pieces(send.data, fault.byte) if is_hit else [send.data]
        due = max(send.due, free)
        for piece in pieces:
            yield Send(due, piece, None)
            # What has the same due time would leave in one write.
            due += _PIECE_GAP_SECONDS
        yield Send(due, last, send.token)
        free = due + _PIECE_GAP_SECONDS if pieces else due


def _pieces(data: bytes, byte: int | None) -> list[bytes]:
    """Cut at the byte, else in and after the field name, inside characters and before the last byte."""
    cuts = [byte]
    if byte is None:
        inside_characters = (index for index, value in enumerate(data) if value & 0xC0 == 0x80)
        cuts = [2, 5, len(data) // 2, *inside_characters, len(data) - 1]
    inner = sorted({cut for cut in cuts if cut is not None and 0 < cut < len(data)})
    return [data[start:end] for start, end in pairwise([0, *inner, len(data)])]


def _together(sends: list[Send]) -> Send:
    token = max((send.token for send in sends if send.token is not None), default=None)
    return Send(sends[-1].due, b"".join(send.data for send in sends), token)


def _rewritten(reply: Reply, rewrite: Callable[[bytes], bytes]) -> Reply:
    """Rewrite each event; a body that is no stream of events has no such form, and an array is none."""
    if not is_streamed(reply) or reply.failure.between:
        return reply
    return replace(reply, sends=(send._replace(data=rewrite(send.data)) for send in reply.sends))


def _with_body(reply: Reply, send: Send, data: bytes) -> Reply:
    return replace(reply, sends=[send._replace(data=data)], length=len(data))


def _at_or_half(fault: Fault, data: bytes) -> int:
    return len(data) // 2 if fault.byte is None else min(fault.byte, len(data) - 1)


def _without_choices(data: bytes) -> bytes | None:
    """Return the chunk with its choices gone, or None if it has none."""
    try:
        chunk: Any = msgspec.json.decode(data)
    except msgspec.DecodeError:
        return None
    if not isinstance(chunk, dict) or not chunk.get("choices"):
        return None
    return msgspec.json.encode({**chunk, "choices": []})
