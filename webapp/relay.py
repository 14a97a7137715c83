"""Chunks → the events of one answer: Start, Delta…, then exactly one Done or Failure. Pure.

The relay waits only for the upstream, never for more text than is there. Its own heartbeats reset none of the
limits that the upstream is held to.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from webapp.chunks import Chunk, Usage
from webapp.errors import ChatError, InternalError, UpstreamError
from webapp.events import HEARTBEAT, Delta, Done, Event, Failure, Start, Timing

log = logging.getLogger(__name__)

USAGE_PATIENCE_SECONDS = 1.0
"""How long an answer that has its finish_reason waits for the usage that may follow."""


class Answer(Protocol):
    """An upstream's answer while it is written."""

    def read(self, timeout: float) -> list[Chunk] | None:
        """Wait up to `timeout` seconds for chunks: those that came, None if none did, [] at the end.

        Raises ChatError.
        """

    def release(self) -> None:
        """Say that the answer is whole: what it came over may serve another."""


@dataclass(frozen=True)
class Limits:
    """How long what may take, in seconds."""

    heartbeat_seconds: float
    first_token_seconds: float
    token_seconds: float
    total_seconds: float


def relay(
    start: Start,
    answer: Answer,
    limits: Limits,
    clock: Callable[[], float],
    received_at: float,
    request_id: str,
) -> Iterator[Event]:
    """Yield the events of one answer; `received_at` is when its request came, in seconds on `clock`.

    Closing the answer is left to whoever opened it: this generator may be dropped before it begins.
    """
    try:
        yield start
        yield from _Relay(answer, limits, clock, received_at).events()
    except ChatError as error:
        yield _failure(error, request_id)
    except Exception:
        log.exception("Request %s failed in the middle of its answer", request_id)
        yield _failure(InternalError(), request_id)


def _failure(error: ChatError, request_id: str) -> Failure:
    return Failure(error.code, error.message, error.retryable, request_id)


class _Relay:
    def __init__(
        self, answer: Answer, limits: Limits, clock: Callable[[], float], received_at: float
    ) -> None:
        self._answer = answer
        self._limits = limits
        self._clock = clock
        self._received_at = received_at
        self._asked_at = now = clock()
        self._heartbeat_at = now + limits.heartbeat_seconds
        self._silent_until = now + limits.first_token_seconds
        self._over_at = now + limits.total_seconds
        self._first_token_at: float | None = None
        self._finish_reason: str | None = None
        self._usage: Usage | None = None

    def events(self) -> Iterator[Event]:
        now = self._asked_at
        while not (self._finish_reason and self._usage):
            wake_at = min(self._heartbeat_at, self._silent_until, self._over_at)
            chunks = self._read(max(0.0, wake_at - now))
            now = self._clock()
            if chunks is not None and not chunks:
                break
            if chunks:
                text = self._take(chunks, now)
                if text:
                    self._heartbeat_at = now + self._limits.heartbeat_seconds
                    yield Delta(text)
            if now >= self._over_at:
                raise UpstreamError("upstream_total_timeout", seconds=self._limits.total_seconds)
            if now >= self._silent_until:
                self._give_up()
                break
            if now >= self._heartbeat_at:
                self._heartbeat_at = now + self._limits.heartbeat_seconds
                yield HEARTBEAT
        if self._finish_reason is None:
            raise UpstreamError("upstream_broken_off")
        self._answer.release()
        yield self._done(now)

    def _read(self, timeout: float) -> list[Chunk] | None:
        try:
            return self._answer.read(timeout)
        except ChatError:
            if self._finish_reason:
                # The text is whole; only the usage is lost.
                return []
            raise

    def _take(self, chunks: list[Chunk], now: float) -> str:
        for chunk in chunks:
            self._finish_reason = chunk.finish_reason or self._finish_reason
            self._usage = chunk.usage or self._usage
        text = "".join([chunk.text for chunk in chunks])
        if text and self._first_token_at is None:
            self._first_token_at = now
        if self._finish_reason:
            self._silent_until = now + USAGE_PATIENCE_SECONDS
        elif self._first_token_at is not None:
            self._silent_until = now + self._limits.token_seconds
        return text

    def _give_up(self) -> None:
        if self._finish_reason:
            return
        if self._first_token_at is None:
            raise UpstreamError("upstream_first_token_timeout", seconds=self._limits.first_token_seconds)
        raise UpstreamError("upstream_timeout", seconds=self._limits.token_seconds)

    def _done(self, now: float) -> Done:
        first = self._first_token_at
        return Done(
            finish_reason=self._finish_reason or "",
            usage=self._usage,
            timing=Timing(
                first_token_ms=None if first is None else _ms(first - self._received_at),
                total_ms=_ms(now - self._received_at),
                upstream_first_token_ms=None if first is None else _ms(first - self._asked_at),
            ),
        )


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
