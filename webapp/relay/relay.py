"""Chunks → the events of one answer: Start, Delta…, then exactly one Done or Failure. Pure.

The relay waits only for the upstream, never for more text than is there. Its own heartbeats reset none of the
limits that the upstream is held to.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import suppress

from webapp.chat import (
    HEARTBEAT,
    ChatError,
    Delta,
    Done,
    Event,
    Failure,
    Heartbeat,
    Interrupted,
    Reasoning,
    Start,
)
from webapp.relay.ending import Finish, failure_after, timing
from webapp.relay.values import Answer, Control, Limits, Progress, Request
from webapp.relay.waits import Waits
from webapp.upstream import Chunk

SIGN_OF_LIFE_SECONDS = 1.0
"""How often a client is told that the model thinks, where the thinking itself is kept back."""


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
        self._asked_at = self._now = clock()
        self._waits = Waits(limits, request.received_at, self._now)
        self._first_token_at: float | None = None
        self._first_reasoning_at: float | None = None
        self._sign_of_life_at = -math.inf
        self._finish = Finish()
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
        return failure_after(error, self._request)

    def _look(self) -> Event | None:
        """Wait once, until the upstream says something or a limit is due."""
        now, waits = self._now, self._waits
        wake_at = waits.heartbeat_at
        # A call of `min` takes longer than all of this, and a token would make two.
        if waits.silent_until < wake_at:
            wake_at = waits.silent_until
        if waits.ends_at < wake_at:
            wake_at = waits.ends_at
        if now >= wake_at:
            if waits.are_over(now, self._finish, has_text=self._first_token_at is not None):
                self._ended = True
                return None
            return self._heartbeat()
        if self._control.interruption and not self._finish.is_whole:
            raise Interrupted(self._control.interruption)
        seconds = wake_at - now
        if self._limits.poll_seconds < seconds:
            seconds = self._limits.poll_seconds
        try:
            chunks = self._answer.read(seconds)
        except (ChatError, Interrupted):
            if not self._finish.is_whole:
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
        has_text = self._first_token_at is not None
        has_any = has_text or self._first_reasoning_at is not None
        finish_reason = self._finish.checked(has_text=has_text, has_any=has_any)
        if self._request.trimmer and (text := self._request.trimmer.flush()):
            return self._delta(text)
        done = self._progress.last_word = self._done(finish_reason)
        # It may wait for what follows the answer, which is whole whatever comes.
        with suppress(Interrupted):
            self._answer.release()
        return done

    def _delta(self, text: str) -> Delta:
        self._waits.heartbeat_at = self._now + self._limits.heartbeat_seconds
        progress = self._progress
        if not progress.deltas:
            progress.first_delta_at = self._now
        progress.deltas += 1
        return Delta(text)

    def _heartbeat(self) -> Heartbeat:
        self._waits.heartbeat_at = self._now + self._limits.heartbeat_seconds
        self._progress.heartbeats += 1
        return HEARTBEAT

    def _done(self, finish_reason: str, interrupted_by: str | None = None) -> Done:
        return Done(
            finish_reason=finish_reason,
            reason=interrupted_by,
            usage=self._progress.usage,
            timing=timing(
                self._request, self._clock(), self._asked_at, self._first_token_at, self._first_reasoning_at
            ),
            dropped_messages=self._answer.dropped_messages,
        )

    def _take(self, chunks: list[Chunk]) -> Event | None:
        """Note what the chunks say; returns the first event that they make, and queues the others."""
        text, finish = "", self._finish
        for chunk in chunks:
            if chunk.reasoning:
                if text:
                    self._queue(self._taken_text(text))
                    text = ""
                self._queue(self._taken_reasoning(chunk.reasoning))
            text += chunk.text
            if chunk.finish_reason or chunk.usage or chunk.end or finish.reason:
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
        progress, finish = self._progress, self._finish
        self._ended = finish.note(chunk, has_text or self._first_token_at is not None)
        if chunk.finish_reason:
            progress.finish_reason = chunk.finish_reason
        progress.usage = chunk.usage or progress.usage
        if finish.is_whole:
            self._waits.be_for_usage(self._now)

    def _taken_text(self, text: str) -> Delta | None:
        """Note that there is text, or that chunks without any came; returns what may leave."""
        now = self._now
        if not self._finish.is_whole and (text or self._first_token_at is not None):
            self._waits.silent_until = now + self._limits.token_seconds
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
            self._waits.silent_until = now + self._limits.first_token_seconds
        if not self._limits.shows_reasoning:
            if now < self._sign_of_life_at:
                return None
            self._sign_of_life_at = now + SIGN_OF_LIFE_SECONDS
            text = ""
        self._waits.heartbeat_at = now + self._limits.heartbeat_seconds
        return Reasoning(text)
