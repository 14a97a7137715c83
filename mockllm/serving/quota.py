"""Real limits of requests and tokens a minute, one pair for each API key, over all workers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from mockllm.journal import Store
from mockllm.values import ApiError

_MINUTE = 60.0
_ABBREVIATIONS = {"requests": "RPM", "tokens": "TPM"}

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """So much a minute, refilled evenly; what is unused is kept, up to a minute's worth."""

    kind: str
    a_minute: int

    def refilled(self, left: float, seconds: float) -> float:
        return min(self.a_minute, left + self.a_minute * seconds / _MINUTE)

    def seconds_until(self, wanted: float, left: float) -> float:
        """Return how long it takes until this much is left."""
        return max(wanted - left, 0) * _MINUTE / self.a_minute


class Quota:
    """Counts what each key uses. A limit of 0 means none."""

    def __init__(self, store: Store, requests_a_minute: int, tokens_a_minute: int) -> None:
        self._store = store
        limits = (Limit("requests", requests_a_minute), Limit("tokens", tokens_a_minute))
        self._limits = [limit for limit in limits if limit.a_minute]

    def take(self, key: str, tokens: int, now: float) -> Headers:
        """Take one request of so many tokens; returns the headers that tell what is left.

        Raises ApiError, and takes nothing, if it is more than is left.
        """
        if not self._limits:
            return ()
        costs = {"requests": 1, "tokens": tokens}
        with self._store.transaction() as connection:
            stored = connection.execute("SELECT kind, left, at FROM quotas WHERE key = ?", (key,)).fetchall()
            # One that came earlier may be planned later: time does not go back for it.
            now = max([now, *(at for _, _, at in stored)])
            left: dict[str, float] = {limit.kind: limit.a_minute for limit in self._limits}
            kept = {kind: (amount, now - at) for kind, amount, at in stored}
            left |= {limit.kind: limit.refilled(*kept[limit.kind]) for limit in self._limits if kept}
            for limit in self._limits:
                if left[limit.kind] < costs[limit.kind]:
                    raise _refusal(limit, costs[limit.kind], left[limit.kind], self._headers(left))
            left = {kind: amount - costs[kind] for kind, amount in left.items()}
            rows = [(key, kind, amount, now) for kind, amount in left.items()]
            connection.executemany("INSERT OR REPLACE INTO quotas VALUES (?, ?, ?, ?)", rows)
        return self._headers(left)

    def clear(self) -> None:
        """Give every key a full minute's worth."""
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM quotas")

    def _headers(self, left: Mapping[str, float]) -> Headers:
        headers: list[tuple[str, str]] = []
        for limit in self._limits:
            amount = left[limit.kind]
            headers += (
                (f"X-RateLimit-Limit-{limit.kind.title()}", str(limit.a_minute)),
                (f"X-RateLimit-Remaining-{limit.kind.title()}", str(math.floor(amount))),
                (
                    f"X-RateLimit-Reset-{limit.kind.title()}",
                    written(limit.seconds_until(limit.a_minute, amount)),
                ),
            )
        return tuple(headers)


def written(seconds: float) -> str:
    """Write a duration as Go does: 6ms, 1.5s, 2m59.56s."""
    milliseconds = _rounded_up(seconds * 1000)
    if milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes}m{rest / 1000:g}s" if minutes else f"{rest / 1000:g}s"


def _refusal(limit: Limit, cost: int, left: float, headers: Headers) -> ApiError:
    name = f"{limit.kind} per min ({_ABBREVIATIONS[limit.kind]})"
    if cost > limit.a_minute:
        message = f"Request too large on {name}: Limit {limit.a_minute}, Requested {cost}."
        return ApiError(429, message, kind=limit.kind, code="rate_limit_exceeded", headers=headers)
    wait = _rounded_up(limit.seconds_until(cost, left) * 1000)
    used = limit.a_minute - math.floor(left)
    message = (
        f"Rate limit reached on {name}: Limit {limit.a_minute}, Used {used}, Requested {cost}. "
        f"Please try again in {written(wait / 1000)}."
    )
    waits = (("Retry-After", str(math.ceil(wait / 1000))), ("Retry-After-Ms", str(wait)))
    return ApiError(429, message, kind=limit.kind, code="rate_limit_exceeded", headers=headers + waits)


def _rounded_up(amount: float) -> int:
    # What only the last bits of a float make more than whole is whole.
    return math.ceil(round(amount, 6))
