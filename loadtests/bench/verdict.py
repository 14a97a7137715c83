"""Whether a measurement says something of the contender, or of what else went on meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from loadtests.measuring import DISTURBING_SHARE

QUEUED_LIMIT = 0.05
"""Of the time, ready to run without a core: texts gather meanwhile, and leave as one."""

CLIENT_BUSY_LIMIT = 0.8
LATE_GAPS_LIMIT = 0.5
TOKENS_PER_READ_LIMIT = 1.2
SATURATED_SHARE = 0.9
"""Of its core: a contender so busy lets several tokens go as one by itself, and is measured so."""


@dataclass(frozen=True)
class Circumstances:
    """What may have disturbed a measurement. Shares are of the time that it took."""

    stolen_share: float
    """Of the machine's time, what a hypervisor gave to others."""
    queued_share: float
    """How long the contender was ready to run and had no core; not a number where it shares one by design."""
    client_busy_share: float
    upstream_late_p99_ms: float
    tokens_per_read: float
    """More than one, if several came together."""
    cpu_share: float
    """Of one core, what the contender used."""


def disturbances(what: Circumstances, gap_ms: float) -> tuple[str, ...]:
    """Each reason not to count a measurement of tokens that come so many ms apart."""
    late_limit = LATE_GAPS_LIMIT * gap_ms
    gathered = what.tokens_per_read > TOKENS_PER_READ_LIMIT and what.cpu_share < SATURATED_SHARE
    rules = {
        f"{what.stolen_share:.1%} of the machine's time stolen": what.stolen_share > DISTURBING_SHARE,
        f"waited for a core {what.queued_share:.1%} of the time": what.queued_share > QUEUED_LIMIT,
        f"client busy {what.client_busy_share:.0%} of the time": what.client_busy_share > CLIENT_BUSY_LIMIT,
        f"upstream late by {what.upstream_late_p99_ms:.0f} ms at p99": what.upstream_late_p99_ms > late_limit,
        f"{what.tokens_per_read:.2f} tokens a read": gathered,
    }
    return tuple(reason for reason, broken in rules.items() if broken)
