"""The table of faults: by name, the function and what may be written behind the name."""

from mockllm.faults import cuts, delays, framing, refusals
from mockllm.faults.fault import Fault, Kind
from mockllm.values import ApiError, Reply

_HOUR = 3_600_000


def noop(reply: Reply, _fault: Fault) -> Reply:
    """Change nothing: the template of a fault. Asked for, it keeps the configured plan of faults away."""
    return reply


FAULTS: dict[str, Kind] = {
    "noop": Kind(noop, place="byte"),
    "status": Kind(refusals.status, amount=500, speaks=True),
    "rate_limit": Kind(refusals.rate_limit, amount=1000, speaks=True),
    "quota_exceeded": Kind(refusals.quota_exceeded, speaks=True),
    "server_error": Kind(refusals.server_error, speaks=True),
    "overloaded": Kind(refusals.overloaded, speaks=True),
    "bad_key": Kind(refusals.bad_key, speaks=True),
    "context_length": Kind(refusals.context_length, speaks=True),
    "content_filter": Kind(refusals.content_filter, place="token"),
    "slow_headers": Kind(delays.slow_headers, amount=2000),
    "stall": Kind(delays.stall, place="token", amount=_HOUR),
    "trickle": Kind(delays.trickle, place="token", amount=5),
    "reset": Kind(cuts.reset, place="byte"),
    "close": Kind(cuts.close, place="byte"),
    "truncate": Kind(cuts.truncate, place="byte"),
    "late_end": Kind(cuts.late_end, amount=300),
    "endless": Kind(cuts.endless),
    "error_event": Kind(framing.error_event, place="token"),
    "malformed": Kind(framing.malformed, place="byte"),
    "split": Kind(framing.split, place="byte"),
    "glue": Kind(framing.glue, place="token", amount=5),
    "crlf": Kind(framing.crlf),
    "comments": Kind(framing.comments),
    "no_space": Kind(framing.no_space),
    "empty_choices": Kind(framing.empty_choices, place="token"),
}


def apply(fault: Fault | None, reply: Reply) -> Reply:
    """Let the fault strike. Raises ApiError if it is a refusal, which says its text, if it has one."""
    if fault is None:
        return reply
    try:
        return FAULTS[fault.name].change(reply, fault)
    except ApiError as refusal:
        refusal.message = fault.text or refusal.message
        raise
