"""How an answer ends: what the upstream says of that, and the last word to the client. Pure."""

from __future__ import annotations

import logging
import math

from webapp.chat import ChatError, Failure, InternalError, Timing, UpstreamError
from webapp.relay.values import Request
from webapp.upstream import Chunk

log = logging.getLogger(__name__)

WHOLE = {"stop", "length", "content_filter", "tool_calls"}
"""How a whole answer ends."""
NO_ENDS = {"insufficient_system_resource": "upstream_overloaded"}
"""By the upstream's word for an end that is none, the code of the error; of any other, it broke off."""


class Finish:
    """What the upstream has said of the end of its answer."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self.is_whole = False
        """Whether the reason is to be believed. Some servers put one into every chunk."""
        self._was_taken_back = False
        self._said_done = False

    def note(self, chunk: Chunk, has_text: bool) -> bool:
        """Note what a chunk says of it, and whether there is text; returns whether nothing will follow."""
        if self.reason and (chunk.text or chunk.reasoning):
            # Text after a finish takes it back.
            self.reason, self.is_whole, self._was_taken_back = None, False, True
        if chunk.finish_reason:
            self.reason = chunk.finish_reason
            # A finish beside the last text may be one of many.
            wrote = has_text and not chunk.text
            self.is_whole = wrote and not self._was_taken_back and chunk.finish_reason in WHOLE
        if chunk.end == "done":
            self._said_done = True
            self.is_whole = self.reason in WHOLE
        return self._said_done or bool(chunk.end and self.reason)

    def checked(self, *, has_text: bool, has_any: bool) -> str:
        """Return how the answer ended, of which there is text, or at least thinking.

        Raises UpstreamError if that was no end.
        """
        if self.reason is None:
            # Who cannot go on says so or says nothing; `[DONE]` alone is a server that leaves the reason out.
            if self._said_done and has_text:
                return "stop"
            raise UpstreamError("upstream_broken_off" if has_any else "upstream_malformed")
        if self.reason not in WHOLE:
            raise UpstreamError(NO_ENDS.get(self.reason, "upstream_broken_off"))
        return self.reason


def failure_after(error: Exception, request: Request) -> Failure:
    """Return the last word of an answer that an error has ended."""
    if not isinstance(error, ChatError):
        log.error("Request %s failed in the middle of its answer", request.id, exc_info=error)
        error = InternalError()
    wait = error.retry_after_seconds
    seconds = None if wait is None else math.ceil(wait)
    return Failure(error.code, error.message, error.retryable, request.id, seconds)


def timing(
    request: Request, now: float, asked_at: float, token_at: float | None, reasoning_at: float | None
) -> Timing:
    """Return how long all took, by when the upstream was asked and when its first of each came, if it did."""
    received_at = request.received_at
    return Timing(
        first_token_ms=_ms(received_at, token_at),
        total_ms=round((now - received_at) * 1000, 1),
        upstream_first_token_ms=_ms(asked_at, token_at),
        first_reasoning_ms=_ms(received_at, reasoning_at),
    )


def _ms(since: float, at: float | None) -> float | None:
    return None if at is None else round((at - since) * 1000, 1)
