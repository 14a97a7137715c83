"""Who may start an answer: places, requests a minute, and the tokens that it may cost."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING

from webapp.chat import ChatRequest, LimitedError, RefusedError
from webapp.configuration import Settings
from webapp.limits.meter import Meter, prompt_tokens
from webapp.limits.rates import DAY_SECONDS, MINUTE_SECONDS, Rate, RateLimit

if TYPE_CHECKING:
    from webapp.limits.counters import Count

PLACE_RETRY_SECONDS = 5
"""The Retry-After of a full house: when a place will be free, nobody knows."""


class Places:
    """How many answers this process writes at once: in all, and for one client. 0 means no limit."""

    def __init__(self, limit: int, limit_per_client: int) -> None:
        self._limit = limit
        self._limit_per_client = limit_per_client
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def take(self, client: str) -> Iterator[None]:
        """Hold a place. Raises LimitedError, at once: nobody waits in a queue."""
        with self._lock:
            _check("over_capacity", self._taken.total(), self._limit)
            _check("too_many_streams", self._taken[client], self._limit_per_client)
            self._taken[client] += 1
        try:
            yield
        finally:
            self._give_back(client)

    def _give_back(self, client: str) -> None:
        with self._lock:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]


def _check(code: str, taken: int, limit: int) -> None:
    if limit and taken >= limit:
        raise LimitedError(code, limit=limit, retry_after_seconds=PLACE_RETRY_SECONDS)


class Admission:
    """The limits of the settings. One that is 0 is not kept, and costs nothing."""

    def __init__(self, settings: Settings, now: Callable[[], float] = time.time) -> None:
        self._places = Places(settings.max_streams, settings.max_streams_per_client)
        tokens_least = 2 * settings.max_output_tokens
        requests = Rate("rate_limited", settings.requests_per_minute, MINUTE_SECONDS)
        tokens = [
            Rate("token_rate_limited", settings.tokens_per_minute, MINUTE_SECONDS, least=tokens_least),
            Rate(
                "token_budget_exhausted",
                settings.tokens_per_day,
                DAY_SECONDS,
                least=tokens_least,
                is_for_all=True,
            ),
        ]
        self._requests: list[RateLimit] = []
        self._tokens: list[RateLimit] = []
        if any(rate.limit for rate in [requests, *tokens]):
            # 30 ms of imports, which an app that counts nothing need not wait for when it starts.
            from webapp.limits.counters import Counters  # noqa: PLC0415

            counters = Counters(settings.redis_url.get_secret_value(), verify_tls=settings.redis_verify_tls)
            self._requests = [RateLimit(rate, counters, now) for rate in [requests] if rate.limit]
            self._tokens = [RateLimit(rate, counters, now) for rate in tokens if rate.limit]

    def count_request(self, client: str) -> None:
        """Count a request, before it is read. Raises LimitedError."""
        for limit in self._requests:
            limit.take(client)

    def admit(self, asked: ChatRequest, client: str) -> AbstractContextManager[Meter | None]:
        """Hold a place and reserved tokens while an answer is written; None if nobody counts tokens.

        Raises, when it is entered, LimitedError when it must wait, RefusedError when it could never pass.
        """
        return self._metered(asked, client) if self._tokens else self._places.take(client)

    @contextmanager
    def _metered(self, asked: ChatRequest, client: str) -> Iterator[Meter]:
        with self._places.take(client):
            prompt = prompt_tokens(asked)
            reserved = prompt + asked.max_tokens
            meter = Meter(prompt, reserved, self._reserve(client, reserved))
            try:
                yield meter
            finally:
                meter.settle()

    def _reserve(self, client: str, tokens: int) -> list[Count]:
        counts: list[Count] = []
        with ExitStack() as take_back:
            for limit in self._tokens:
                if tokens > limit.rate.limit:
                    raise _too_expensive(tokens, limit.rate)
                counts.append(limit.take(client, tokens))
                take_back.callback(counts[-1].correct, -tokens)
            take_back.pop_all()
        return counts


def _too_expensive(tokens: int, rate: Rate) -> RefusedError:
    window = "a minute" if rate.seconds == MINUTE_SECONDS else "a day"
    return RefusedError(
        "request_too_expensive",
        f"This request may use {tokens} tokens; all that is allowed in {window} is {rate.limit}. "
        "Shorten it, or lower max_tokens.",
    )
