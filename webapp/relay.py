"""Chunks → the events of one answer: Start, Delta…, then exactly one Done or Failure. Pure.

The relay waits only for the upstream, never for more text than is there. Its own heartbeats reset none of the
limits that the upstream is held to.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from webapp.chunks import Chunk, Usage
from webapp.continuation import OverlapTrimmer
from webapp.errors import ChatError, InternalError, Interrupted, UpstreamError
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


class Control(Protocol):
    """Who may end the answer early."""

    interruption: str | None
    """Why the answer must end as soon as it can, or None."""


@dataclass(frozen=True)
class Limits:
    """How long what may take, in seconds; what is infinite has no limit."""

    heartbeat_seconds: float
    first_token_seconds: float
    token_seconds: float
    total_seconds: float
    deadline_seconds: float = math.inf
    """After which the answer is interrupted, to be continued: the host would cut it soon after."""
    poll_seconds: float = math.inf
    """How often to look for an interruption where nothing can break the wait for the upstream."""


@dataclass(frozen=True)
class Request:
    """What the relay must know of the request that it answers."""

    id: str
    received_at: float
    """On the relay's clock, in seconds."""
    trimmer: OverlapTrimmer | None = None
    """Leaves out what a continuation repeats."""


def relay(
    start: Start,
    request: Request,
    answer: Answer,
    control: Control,
    limits: Limits,
    clock: Callable[[], float],
) -> Iterator[Event]:
    """Yield the events of one answer.

    Closing the answer is left to whoever opened it: this generator may be dropped before it begins.
    """
    relaying = _Relay(request, answer, control, limits, clock)
    try:
        yield start
        yield from relaying.events()
    except Interrupted as interruption:
        yield relaying.done(interruption.reason)
    except ChatError as error:
        yield _failure(error, request.id)
    except Exception:
        log.exception("Request %s failed in the middle of its answer", request.id)
        yield _failure(InternalError(), request.id)


def _failure(error: ChatError, request_id: str) -> Failure:
    return Failure(error.code, error.message, error.retryable, request_id)


class _Relay:
    def __init__(
        self, request: Request, answer: Answer, control: Control, limits: Limits, clock: Callable[[], float]
    ) -> None:
        self._request = request
        self._answer = answer
        self._control = control
        self._limits = limits
        self._clock = clock
        self._asked_at = now = clock()
        self._heartbeat_at = now + limits.heartbeat_seconds
        self._silent_until = now + limits.first_token_seconds
        self._over_at = now + limits.total_seconds
        self._deadline_at = request.received_at + limits.deadline_seconds
        self._first_token_at: float | None = None
        self._finish_reason: str | None = None
        self._usage: Usage | None = None

    def events(self) -> Iterator[Event]:
        now = self._asked_at
        while not (self._finish_reason and self._usage):
            if self._control.interruption and not self._finish_reason:
                raise Interrupted(self._control.interruption)
            wake_at = min(self._heartbeat_at, self._silent_until, self._over_at, self._deadline_at)
            chunks = self._read(max(0.0, min(wake_at - now, self._limits.poll_seconds)))
            now = self._clock()
            if chunks is not None and not chunks:
                break
            if chunks:
                text = self._take(chunks, now)
                if text:
                    self._heartbeat_at = now + self._limits.heartbeat_seconds
                    yield Delta(text)
            if now >= wake_at and self._is_over(now):
                break
            if now >= self._heartbeat_at:
                self._heartbeat_at = now + self._limits.heartbeat_seconds
                yield HEARTBEAT
        if self._finish_reason is None:
            raise UpstreamError("upstream_broken_off")
        self._answer.release()
        if self._request.trimmer and (text := self._request.trimmer.flush()):
            yield Delta(text)
        yield self.done()

    def done(self, interrupted_by: str | None = None) -> Done:
        """Return the last word of an answer, by default that of the model."""
        now, first, received_at = self._clock(), self._first_token_at, self._request.received_at
        return Done(
            finish_reason="interrupted" if interrupted_by else self._finish_reason or "",
            reason=interrupted_by,
            usage=self._usage,
            timing=Timing(
                first_token_ms=None if first is None else _ms(first - received_at),
                total_ms=_ms(now - received_at),
                upstream_first_token_ms=None if first is None else _ms(first - self._asked_at),
            ),
        )

    def _read(self, timeout: float) -> list[Chunk] | None:
        try:
            return self._answer.read(timeout)
        except (ChatError, Interrupted):
            if self._finish_reason:
                # The text is whole; only the usage is lost.
                return []
            raise

    def _take(self, chunks: list[Chunk], now: float) -> str:
        for chunk in chunks:
            self._finish_reason = chunk.finish_reason or self._finish_reason
            self._usage = chunk.usage or self._usage
        text = chunks[0].text if len(chunks) == 1 else "".join([chunk.text for chunk in chunks])
        if text and self._first_token_at is None:
            self._first_token_at = now
        if self._finish_reason:
            self._silent_until = now + USAGE_PATIENCE_SECONDS
            self._deadline_at = math.inf
        elif self._first_token_at is not None:
            self._silent_until = now + self._limits.token_seconds
        return self._request.trimmer.feed(text) if self._request.trimmer else text

    def _is_over(self, now: float) -> bool:
        """Whether the answer is whole and the wait for its usage over; raises what ends it otherwise."""
        if now >= self._over_at:
            raise UpstreamError("upstream_total_timeout", seconds=self._limits.total_seconds)
        if self._finish_reason:
            return now >= self._silent_until
        if now >= self._deadline_at:
            raise Interrupted("deadline")
        if now < self._silent_until:
            return False
        if self._first_token_at is None:
            raise UpstreamError("upstream_first_token_timeout", seconds=self._limits.first_token_seconds)
        raise UpstreamError("upstream_timeout", seconds=self._limits.token_seconds)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
