"""Faults that end the answer badly: too early, in the wrong way, too late or never."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from mockllm.faults.fault import Fault, is_streamed, parted
from mockllm.values import Reply, Send

# A reset that overtakes the bytes before it in the client's kernel makes them unreadable on some systems.
_BEFORE_RESET_SECONDS = 0.02
_LEAST_GAP_SECONDS = 0.001
_BLANK_GAP_SECONDS = 0.1


def reset(reply: Reply, fault: Fault) -> Reply:
    """A RST in place of the token, after `byte` bytes of its event."""
    sends, due = _cut(reply, fault)
    return replace(reply, sends=sends, ending="reset", end_due=due + _BEFORE_RESET_SECONDS)


def close(reply: Reply, fault: Fault) -> Reply:
    """A FIN in place of the token, without the chunk that ends an HTTP body."""
    sends, due = _cut(reply, fault)
    return replace(reply, sends=sends, ending="close", end_due=due)


def truncate(reply: Reply, fault: Fault) -> Reply:
    """A proper end of the HTTP body in place of the token: no finish_reason, no terminal event.

    Without a position the whole text comes, and only what should follow it is missing; of an unstreamed body
    comes the first half.
    """
    if is_streamed(reply) and fault.token is None:
        return replace(reply, sends=_without_tail(list(reply.sends)))
    if not is_streamed(reply) and fault.byte is None:
        fault = replace(fault, byte=(reply.length or 0) // 2)
    sends, due = _cut(reply, fault)
    length = None if is_streamed(reply) else sum(len(send.data) for send in sends)
    return replace(reply, sends=sends, length=length, end_due=due)


def late_end(reply: Reply, fault: Fault) -> Reply:
    """The chunk that ends the HTTP body comes late, when all else has long come."""
    sends = list(reply.sends)
    return replace(reply, sends=sends, end_due=sends[-1].due + fault.seconds)


def endless(reply: Reply, _fault: Fault) -> Reply:
    """Text without end: its tokens come again and again. An unstreamed body is blanks without end."""
    if is_streamed(reply):
        return replace(reply, sends=_again_and_again(_without_tail(list(reply.sends)), reply.failure.between))
    return replace(reply, sends=_blanks(reply.head_due), length=None)


def _cut(reply: Reply, fault: Fault) -> tuple[list[Send], float]:
    """Return what still comes, and when the cut is due."""
    before, after = parted(reply, fault)
    if not after:
        return before, before[-1].due
    due = after[0].due
    # A last piece of no bytes would be read as the chunk that ends the body.
    piece = [Send(due, after[0].data[: fault.byte], None)] if fault.byte else []
    return before + piece, due


def _without_tail(sends: Sequence[Send]) -> list[Send]:
    last = max((index for index, send in enumerate(sends) if send.token is not None), default=-1)
    return list(sends[: last + 1])


def _again_and_again(sends: list[Send], between: bytes) -> Iterator[Send]:
    yield from sends
    tokens = [send for send in sends if send.token is not None]
    if not tokens:
        return
    gap = max(tokens[-1].due - tokens[0].due, 0) / max(len(tokens) - 1, 1)
    gap = max(gap, _LEAST_GAP_SECONDS)
    for turn in count():
        send = tokens[turn % len(tokens)]
        data = send.data if send.data.startswith(between) else between + send.data
        yield Send(tokens[-1].due + (turn + 1) * gap, data, len(tokens) + turn)


def _blanks(start: float) -> Iterator[Send]:
    for turn in count():
        yield Send(start + turn * _BLANK_GAP_SECONDS, b" ", None)
