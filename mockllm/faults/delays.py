"""Faults of time: everything comes, but late or a byte at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mockllm.faults.fault import Fault, is_streamed, parted
from mockllm.values import Reply, Send


def slow_headers(reply: Reply, fault: Fault) -> Reply:
    """The head comes late, and all that is behind it."""
    return _held_back(reply, (), reply.sends, fault.seconds)


def stall(reply: Reply, fault: Fault) -> Reply:
    """Silence before the token, or before anything of the body; the rest comes after it at its own pace.

    An unstreamed answer keeps its head back with its body.
    """
    if not is_streamed(reply):
        return slow_headers(reply, fault)
    before, after = parted(reply, fault)
    return replace(
        _held_back(reply, before, after, fault.seconds),
        head_due=reply.head_due,
    )


def trickle(reply: Reply, fault: Fault) -> Reply:
    """From the token on, one byte at a time."""
    before, after = parted(reply, fault)
    return replace(reply, sends=[*before, *_bytes(after, fault.seconds)])


def _held_back(reply: Reply, before: Iterable[Send], after: Iterable[Send], seconds: float) -> Reply:
    late = (send._replace(due=send.due + seconds) for send in after)
    return replace(
        reply,
        sends=[*before, *late],
        head_due=reply.head_due + seconds,
        end_due=reply.end_due + seconds,
    )


def _bytes(sends: Iterable[Send], gap: float) -> Iterator[Send]:
    free = 0.0
    for send in sends:
        due = max(send.due, free)
        last = len(send.data) - 1
        for index in range(last + 1):
            # The token has come when its last byte has.
            token = send.token if index == last else None
            yield Send(due + index * gap, send.data[index : index + 1], token)
        free = due + (last + 1) * gap
