"""What is known of one answer when it has ended. While it passes, only its relay's `Progress` is kept."""

from __future__ import annotations

import re
from typing import Protocol

from webapp.chat import ChatError, ChatRequest, Done, Failure, InternalError, foreign_code
from webapp.relay import Progress
from webapp.serving import ClientGone, ClientStuck

_NAME = re.compile(r"[A-Za-z0-9._:/@+-]{1,100}")


class Source(Protocol):
    """Where an answer comes from."""

    failure_fields: dict[str, object]
    """What the log may say of the upstream's failure; empty without one."""


class AnswerRecord:
    """One answer whose question was accepted. `arrived_at` is on the relay's clock, in seconds."""

    def __init__(self, asked: ChatRequest, *, streamed: bool, arrived_at: float) -> None:
        self.streamed = streamed
        self.progress = Progress()
        self.source: Source | None = None
        self.ended_by = "us"
        self.error_code: str | None = None
        self._asked = {"model": _code(asked.model), "messages": len(asked.messages)}
        self._arrived_at = arrived_at

    @property
    def done(self) -> Done | None:
        """The answer's last word, unless that was a failure."""
        return self.progress.last_word if isinstance(self.progress.last_word, Done) else None

    def end(self, error: BaseException | None) -> None:
        """Say that nothing more will come, because of `error` if it did not end by itself."""
        last_word = self.progress.last_word
        if isinstance(last_word, Done):
            self.ended_by = last_word.reason or "model"
        elif isinstance(last_word, Failure):
            self.error_code = last_word.code
            self.ended_by = "us" if self.error_code == InternalError().code else "upstream"
        else:
            self.ended_by, self.error_code = _ended_without_a_word(error)

    @property
    def first_token_seconds(self) -> float | None:
        """From the request's arrival to the first text that left; None if none did before the end."""
        first = self.progress.first_delta_at
        return first - self._arrived_at if first is not None and self.streamed else None

    @property
    def seconds_per_output_token(self) -> float | None:
        """The mean gap after the first token, where the model said how many there were."""
        done = self.done
        if not done or not done.usage or done.timing.first_token_ms is None:
            return None
        gaps = done.usage.completion_tokens - 1
        writing_ms = done.timing.total_ms - done.timing.first_token_ms
        return writing_ms / 1000 / gaps if gaps > 0 else None

    def fields(self) -> dict[str, object]:
        """Return what goes into the log; None is what is not known."""
        first, done = self.first_token_seconds, self.done
        usage = done.usage if done else None
        return {
            **self._asked,
            "dropped_messages": (done.dropped_messages or None) if done else None,
            "streamed": self.streamed,
            "deltas": self.progress.deltas,
            "heartbeats": self.progress.heartbeats,
            "prompt_tokens": usage.prompt_tokens if usage else None,
            "completion_tokens": usage.completion_tokens if usage else None,
            "reasoning_tokens": (usage.reasoning_tokens or None) if usage else None,
            "first_token_ms": None if first is None else round(first * 1000, 1),
            "upstream_first_token_ms": done.timing.upstream_first_token_ms if done else None,
            "first_reasoning_ms": done.timing.first_reasoning_ms if done else None,
            # How an answer ended that is not whole, in the upstream's own word.
            "finish_reason": done.finish_reason if done else foreign_code(self.progress.finish_reason),
            **(self.source.failure_fields if self.source else {}),
        }


def _ended_without_a_word(error: BaseException | None) -> tuple[str, str | None]:
    """Return who ended an answer that has no last word, and the code of its error."""
    match error:
        case InternalError():
            return "us", error.code
        case ChatError():
            return "refused", error.code
        # A server closes the body while it still handles what broke off the write.
        case ClientStuck() | GeneratorExit(__context__=ClientStuck()):
            return "client", "client_stuck"
        case ClientGone() | GeneratorExit() | OSError():
            return "client", "client_gone"
        case None | Exception():
            return "us", InternalError().code
        case _:
            # A server that has to go kills what still runs.
            return "shutdown", None


def _code(text: str) -> str:
    """Return it if it is a name, not prose: an upstream and a caller may write what they like there."""
    return text if _NAME.fullmatch(text) else "other"
