"""Counts that expire: in Redis for all processes of the app, else in this process's memory.

While Redis does not answer, this process counts alone. The storage of Redis is Flask-Limiter's; its extension
is not used, because it fixes what a request costs before the request is read, charges for what it refuses,
and knows its fallback only inside of a request, where an answer is settled after it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from limits.errors import StorageError
from limits.storage import RedisStorage

from webapp.limits.own_counts import OwnCounts

log = logging.getLogger(__name__)

REDIS_TIMEOUT_SECONDS = 0.25
"""How long one attempt to connect, to send or to read may take. There are two attempts."""
REDIS_CONNECTIONS = 10
"""For one process. A count takes less than a millisecond; small plans allow 20 connections in all."""
REDIS_IDLE_SECONDS = 30
RETRY_SECONDS = 5.0
"""How long Redis is left alone after it failed."""
CORRECT = b"""
local count = redis.call('GET', KEYS[1])
if count then
  redis.call('INCRBY', KEYS[1], math.max(ARGV[1], -count))
end
"""
"""In one step: a Redis that restarted empty has nothing to be corrected, and no count is below nothing."""


@dataclass(frozen=True)
class Count:
    """What a count came to, and the way to correct it where it was counted."""

    total: int
    alone: bool
    """Whether this process counted by itself what it should share with others."""
    correct: Callable[[int], None]


class Counters:
    """All counts of this process; `redis_url` empty means that it shares them with nobody."""

    def __init__(
        self, redis_url: str = "", *, verify_tls: bool = True, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._own = OwnCounts()
        self._shared = _redis_storage(redis_url, verify_tls=verify_tls) if redis_url else None
        if self._shared:
            self._correct_shared = self._shared.get_connection().register_script(CORRECT)
        self._clock = clock
        self._retry_at: float | None = None

    def add(self, key: str, amount: int, seconds: int) -> Count:
        """Add to a count that is forgotten `seconds` after it began. Never raises."""
        if self._shared and self._may_ask():
            try:
                return self._counted(self._shared, key, amount, seconds)
            except StorageError as error:
                self._note_failure(error)
        return self._counted(self._own, key, amount, seconds)

    def _counted(self, storage: RedisStorage | OwnCounts, key: str, amount: int, seconds: int) -> Count:
        total = storage.incr(key, seconds, amount)
        if storage is self._shared:
            self._note_success()
        alone = self._shared is not None and storage is self._own
        return Count(total, alone, partial(self._correct, storage, key, seconds))

    def _correct(self, storage: RedisStorage | OwnCounts, key: str, seconds: int, amount: int) -> None:
        """What cannot be corrected, because Redis has gone since, stands until it is forgotten."""
        if isinstance(storage, OwnCounts):
            storage.correct(key, seconds, amount)
        elif self._may_ask():
            try:
                self._correct_shared(keys=[storage.prefixed_key(key)], args=[amount])
                self._note_success()
            except storage.base_exceptions as error:
                self._note_failure(StorageError(error))

    def _may_ask(self) -> bool:
        if self._retry_at is None:
            return True
        now = self._clock()
        if now < self._retry_at:
            return False
        # The one that tries does so for all: the others need not wait as well.
        self._retry_at = now + RETRY_SECONDS
        return True

    def _note_success(self) -> None:
        if self._retry_at is not None:
            self._retry_at = None
            log.warning("Redis answers again: limits are shared")

    def _note_failure(self, error: StorageError) -> None:
        if self._retry_at is None:
            log.warning(
                "Redis does not answer (%s): each process limits alone", type(error.storage_error).__name__
            )
        self._retry_at = self._clock() + RETRY_SECONDS


def _redis_storage(url: str, *, verify_tls: bool) -> RedisStorage:
    # 130 ms of imports, which an app without Redis need not wait for when it starts.
    from redis.backoff import NoBackoff  # noqa: PLC0415
    from redis.connection import BlockingConnectionPool  # noqa: PLC0415
    from redis.retry import Retry  # noqa: PLC0415

    is_unverified = urlsplit(url).scheme == "rediss" and not verify_tls
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=REDIS_CONNECTIONS,
        timeout=REDIS_TIMEOUT_SECONDS,
        socket_timeout=REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
        # The client's own default waits for seconds between attempts. One more, because a kept connection
        # may have been closed meanwhile.
        retry=Retry(NoBackoff(), 1),
        health_check_interval=REDIS_IDLE_SECONDS,
        **({"ssl_cert_reqs": "none", "ssl_check_hostname": False} if is_unverified else {}),
    )
    return RedisStorage(url, connection_pool=pool, key_prefix="first-token", wrap_exceptions=True)
