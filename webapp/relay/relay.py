"""Chunks → the events of one answer: Start, Delta…, then exactly one Done or Failure. Pure.

The relay waits only for the upstream, never for more text than is there. Its own heartbeats reset none of the
limits that the upstream is held to.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from webapp.chat import (
    HEARTBEAT,
    ChatError,
    Delta,
    Done,
    Event,
    Failure,
    Heartbeat,
    InternalError,
    Interrupted,
    OverlapTrimmer,
    Reasoning,
    Start,
    Timing,
    UpstreamError,
    Usage,
)
from webapp.upstream import Chunk

log = logging.getLogger(__name__)

USAGE_PATIENCE_SECONDS = 1.0
"""How long an answer that has its finish_reason waits for the usage that may follow."""
SIGN_OF_LIFE_SECONDS = 1.0
"""How often a client is told that the model thinks, where the thinking itself is kept back."""

WHOLE = {"stop", "length", "content_filter", "tool_calls"}
"""How a whole answer ends."""
NO_ENDS = {"insufficient_system_resource": "upstream_overloaded"}
"""By the upstream's word for an end that is none, the code of the error; of any other, it broke off."""


class Answer(Protocol):
    """An upstream's answer while it is written."""

    @property
    def dropped_messages(self) -> int:
        """How many of the oldest messages the model was not sent: known when the first chunk is."""

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
    shows_reasoning: bool = True
    """Whether the thinking is passed on, or only told that there is some."""


@dataclass(frozen=True)
class Request:
    """What the relay must know of the request that it answers."""

    id: str
    received_at: float
    """On the relay's clock, in seconds."""
    trimmer: OverlapTrimmer | None = None
    """Leaves out what a continuation repeats."""


@dataclass
class Progress:
    """What has passed of an answer so far."""

    deltas: int = 0
    reasoning_bytes: int = 0
    """Of UTF-8, passed on or kept back."""
    heartbeats: int = 0
    first_delta_at: float | None = None
    """On the relay's clock, in seconds."""
    finish_reason: str | None = None
    """What the upstream said last, in its own word where that ends no whole answer."""
    usage: Usage | None = None
    """What the upstream said last of it."""
    last_word: Done | Failure | None = None


class Relay:
    """The events of one answer; what has been yielded is noted in `progress`.

    Closing the answer is left to whoever opened it: `events` may be dropped before it begins.
    """

    def __init__(
        self,
        request: Request,
        answer: Answer,
        control: Control,
        limits: Limits,
        clock: Callable[[], float],
        progress: Progress,
    ) -> None:
        self._request = request
        self._answer = answer
        self._control = control
        self._limits = limits
        self._clock = clock
        self._progress = progress
        self._asked_at = self._now = now = clock()
        self._heartbeat_at = now + limits.heartbeat_seconds
        self._silent_until = now + limits.first_token_seconds
        self._over_at = now + limits.total_seconds
        self._deadline_at = request.received_at + limits.deadline_seconds
        self._ends_at = min(self._over_at, self._deadline_at)
        self._first_token_at: float | None = None
        self._first_reasoning_at: float | None = None
        self._sign_of_life_at = -math.inf
        self._finish_reason: str | None = None
        self._is_whole = False
        """Whether the finish_reason is to be believed. Some servers put one into every chunk."""
        self._was_taken_back = False
        self._said_done = False
        self._queued: list[Event] = []
        """What came in one read with what was returned of it."""
        self._ended = False

    def events(self, start: Start) -> Iterator[Event]:
        """Yield `start`, any number of Reasoning, Delta and Heartbeat, and one Done or Failure."""
        yield start
        progress, queued = self._progress, self._queued
        while progress.last_word is None:
            try:
                event = queued.pop(0) if queued else self._end() if self._ended else self._look()
            except Exception as error:  # noqa: BLE001  # whatever it is, there is one last word
                event = progress.last_word = self._last_word_after(error)
            if event is not None:
                yield event

    def _last_word_after(self, error: Exception) -> Done | Failure:
        if isinstance(error, Interrupted):
            return self._done("interrupted", error.reason)
        if isinstance(error, ChatError):
            return self._failure(error)
        log.error("Request %s failed in the middle of its answer", self._request.id, exc_info=error)
        return self._failure(InternalError())

    def _look(self) -> Event | None:
        """Wait once, until the upstream says something or a limit is due."""
        now, wake_at = self._now, self._heartbeat_at
        # A call of `min` takes longer than all of this, and a token would make two.
        if self._silent_until < wake_at:
            wake_at = self._silent_until
        if self._ends_at < wake_at:
            wake_at = self._ends_at
        if now >= wake_at:
            if self._is_over(now):
                self._ended = True
                return None
            return self._heartbeat()
        if self._control.interruption and not self._is_whole:
            raise Interrupted(self._control.interruption)
        seconds = wake_at - now
        if self._limits.poll_seconds < seconds:
            seconds = self._limits.poll_seconds
        try:
            chunks = self._answer.read(seconds)
        except (ChatError, Interrupted):
            if not self._is_whole:
                raise
            # The text is whole; only the usage is lost.
            chunks = []
        # Not asked again before the next read: the time a client takes for an event is not the upstream's.
        self._now = self._clock()
        if not chunks:
            self._ended = chunks is not None
            return None
        return self._take(chunks)

    def _end(self) -> Delta | Done:
        """Return what follows the last read: what was held back of the text, and then the last word."""
        finish_reason = self._checked_finish_reason()
        if self._request.trimmer and (text := self._request.trimmer.flush()):
            return self._delta(text)
        done = self._progress.last_word = self._done(finish_reason)
        # It may wait for what follows the answer, which is whole whatever comes.
        with suppress(Interrupted):
            self._answer.release()
        return done

    def _checked_finish_reason(self) -> str:
        """Return how the answer ended. Raises UpstreamError if that was no end."""
        has_any = self._first_token_at is not None or self._first_reasoning_at is not None
        if self._finish_reason is None:
            # Who cannot go on says so or says nothing; `[DONE]` alone is a server that leaves the reason out.
            if self._said_done and self._first_token_at is not None:
                return "stop"
            raise UpstreamError("upstream_broken_off" if has_any else "upstream_malformed")
        if self._finish_reason not in WHOLE:
            raise UpstreamError(NO_ENDS.get(self._finish_reason, "upstream_broken_off"))
        return self._finish_reason

    def _delta(self, text: str) -> Delta:
        self._heartbeat_at = self._now + self._limits.heartbeat_seconds
        progress = self._progress
        if not progress.deltas:
            progress.first_delta_at = self._now
        progress.deltas += 1
        return Delta(text)

    def _heartbeat(self) -> Heartbeat:
        self._heartbeat_at = self._now + self._limits.heartbeat_seconds
        self._progress.heartbeats += 1
        return HEARTBEAT

    def _done(self, finish_reason: str, interrupted_by: str | None = None) -> Done:
        now, first, received_at = self._clock(), self._first_token_at, self._request.received_at
        return Done(
            finish_reason=finish_reason,
            reason=interrupted_by,
            usage=self._progress.usage,
            timing=Timing(
                first_token_ms=None if first is None else _ms(first - received_at),
                total_ms=_ms(now - received_at),
                upstream_first_token_ms=None if first is None else _ms(first - self._asked_at),
                first_reasoning_ms=self._first_reasoning_ms(),
            ),
            dropped_messages=self._answer.dropped_messages,
        )

    def _failure(self, error: ChatError) -> Failure:
        wait = error.retry_after_seconds
        seconds = None if wait is None else math.ceil(wait)
        return Failure(error.code, error.message, error.retryable, self._request.id, seconds)

    def _first_reasoning_ms(self) -> float | None:
        first = self._first_reasoning_at
        return None if first is None else _ms(first - self._request.received_at)

    def _take(self, chunks: list[Chunk]) -> Event | None:
        """Note what the chunks say; returns the first event that they make, and queues the others."""
        text = ""
        for chunk in chunks:
            if chunk.reasoning:
                if text:
                    self._queue(self._taken_text(text))
                    text = ""
                self._queue(self._taken_reasoning(chunk.reasoning))
            text += chunk.text
            if chunk.finish_reason or chunk.usage or chunk.end or self._finish_reason:
                self._note(chunk, bool(text))
        event = self._taken_text(text)
        if not self._queued:
            return event
        self._queue(event)
        return self._queued.pop(0)

    def _queue(self, event: Event | None) -> None:
        if event is not None:
            self._queued.append(event)

    def _note(self, chunk: Chunk, has_text: bool) -> None:
        """Note how the answer ends, and what it cost."""
        if self._finish_reason and (chunk.text or chunk.reasoning):
            # Text after a finish takes it back.
            self._finish_reason, self._is_whole, self._was_taken_back = None, False, True
        if chunk.finish_reason:
            self._finish_reason = self._progress.finish_reason = chunk.finish_reason
            # A finish beside the last text may be one of many.
            wrote = (has_text or self._first_token_at is not None) and not chunk.text
            self._is_whole = wrote and not self._was_taken_back and chunk.finish_reason in WHOLE
        self._progress.usage = chunk.usage or self._progress.usage
        if chunk.end == "done":
            self._said_done = True
            self._is_whole = self._finish_reason in WHOLE
        self._ended = self._said_done or bool(chunk.end and self._finish_reason)
        if self._is_whole:
            self._deadline_at, self._ends_at = math.inf, self._over_at
            self._silent_until = self._now + USAGE_PATIENCE_SECONDS

    def _taken_text(self, text: str) -> Delta | None:
        """Note that there is text, or that chunks without any came; returns what may leave."""
        now = self._now
        if not self._is_whole and (text or self._first_token_at is not None):
            self._silent_until = now + self._limits.token_seconds
        if not text:
            return None
        if self._first_token_at is None:
            self._first_token_at = now
        trimmer = self._request.trimmer
        if trimmer and not (text := trimmer.feed(text)):
            return None
        return self._delta(text)

    def _taken_reasoning(self, text: str) -> Reasoning | None:
        """Note that the model thinks, which is no silence; returns what is shown of it."""
        now, progress = self._now, self._progress
        progress.reasoning_bytes += len(text.encode())
        if self._first_reasoning_at is None:
            self._first_reasoning_at = now
        if self._first_token_at is None:
            self._silent_until = now + self._limits.first_token_seconds
        if not self._limits.shows_reasoning:
            if now < self._sign_of_life_at:
                return None
            self._sign_of_life_at = now + SIGN_OF_LIFE_SECONDS
            text = ""
        self._heartbeat_at = now + self._limits.heartbeat_seconds
        return Reasoning(text)

    def _is_over(self, now: float) -> bool:
        """Whether the answer is whole and the wait for its usage over; raises what ends it otherwise."""
        if now >= self._over_at:
            raise UpstreamError("upstream_total_timeout", seconds=self._limits.total_seconds)
        if self._is_whole:
            return now >= self._silent_until
        if now >= self._deadline_at:
            raise Interrupted("deadline")
        if now < self._silent_until:
            return False
        if self._finish_reason:
            return True
        if self._first_token_at is None:
            raise UpstreamError("upstream_first_token_timeout", seconds=self._limits.first_token_seconds)
        raise UpstreamError("upstream_timeout", seconds=self._limits.token_seconds)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
