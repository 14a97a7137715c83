"""What is seen of one answer while it passes: a token costs an increment, all else is done at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from webapp.errors import ChatError, InternalError
from webapp.events import Delta, Done, Event, Failure, Heartbeat
from webapp.lifecycle import ClientGone
from webapp.messages import ChatRequest

SHOWN_CHARS = 200
"""How much of what a caller chose, such as a model's name, goes into the log."""


class Source(Protocol):
    """Where an answer comes from."""

    trouble: dict[str, object]
    """What the log may say of the upstream's failure; empty without one."""


class AnswerRecord:
    """One answer, from the moment its question is accepted. `clock` and `arrived_at` are in seconds."""

    def __init__(
        self, asked: ChatRequest, *, streamed: bool, arrived_at: float, clock: Callable[[], float]
    ) -> None:
        self.streamed = streamed
        self.ended_by = "us"
        self.error_code: str | None = None
        self.done: Done | None = None
        """The answer's last word, unless that was a failure."""
        self._asked = {"model": asked.model[:SHOWN_CHARS], "messages": len(asked.messages)}
        self._arrived_at = arrived_at
        self._clock = clock
        self._deltas = 0
        self._heartbeats = 0
        self._first_token_at: float | None = None
        self._failure: Failure | None = None
        self._source: Source | None = None

    def watch(self, events: Iterator[Event], source: Source) -> Iterator[Event]:
        """Pass the events on."""
        self._source = source
        for event in events:
            if type(event) is Delta:
                self._deltas += 1
                if self._first_token_at is None:
                    self._first_token_at = self._clock()
            else:
                self._note(event)
            yield event

    def end(self, error: BaseException | None) -> None:
        """Say that nothing more will come, because of `error` if it did not end by itself."""
        if self.done:
            self.ended_by = self.done.reason or "model"
        elif self._failure:
            self.error_code = self._failure.code
            self.ended_by = "us" if self.error_code == InternalError().code else "upstream"
        else:
            self.ended_by, self.error_code = _ended_without_a_word(error)

    @property
    def first_token_seconds(self) -> float | None:
        """From the request's arrival to the first text that left; None if none did before the end."""
        if self._first_token_at is None or not self.streamed:
            return None
        return self._first_token_at - self._arrived_at

    @property
    def seconds_per_output_token(self) -> float | None:
        """The mean gap after the first token, where the model said how many there were."""
        if not self.done or not self.done.usage or self.done.timing.first_token_ms is None:
            return None
        gaps = self.done.usage.completion_tokens - 1
        writing_ms = self.done.timing.total_ms - self.done.timing.first_token_ms
        return writing_ms / 1000 / gaps if gaps > 0 else None

    def fields(self) -> dict[str, object]:
        """Return what goes into the log; None is what is not known."""
        first, done = self.first_token_seconds, self.done
        usage = done.usage if done else None
        return {
            **self._asked,
            "streamed": self.streamed,
            "deltas": self._deltas,
            "heartbeats": self._heartbeats,
            "prompt_tokens": usage.prompt_tokens if usage else None,
            "completion_tokens": usage.completion_tokens if usage else None,
            "first_token_ms": None if first is None else round(first * 1000, 1),
            "upstream_first_token_ms": done.timing.upstream_first_token_ms if done else None,
            "finish_reason": done.finish_reason if done else None,
            **(self._source.trouble if self._source else {}),
        }

    def _note(self, event: Event) -> None:
        match event:
            case Heartbeat():
                self._heartbeats += 1
            case Done():
                self.done = event
            case Failure():
                self._failure = event
            case _:
                pass


def _ended_without_a_word(error: BaseException | None) -> tuple[str, str | None]:
    """Return who ended an answer that has no last word, and the code of its error."""
    match error:
        case InternalError():
            return "us", error.code
        case ChatError():
            return "refused", error.code
        case ClientGone() | GeneratorExit() | OSError():
            return "client", "client_gone"
        case None | Exception():
            return "us", InternalError().code
        case _:
            # A server that has to go kills what still runs.
            return "shutdown", None
