"""One request, whatever it asks for, and what it leaves: a line in the log, and figures.

The line has no address: a router's log has it, under the same request id. It has no query string and nothing
that was asked or answered, and of what the upstream said only codes: its sentences may quote the prompt.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from webapp.chat import ChatRequest, InternalError
from webapp.observing import metrics
from webapp.observing.answer_record import AnswerRecord

log = logging.getLogger(__name__)

CHAT = "chat.chat"
QUIET = frozenset({"chat.healthz", "chat.readyz", "metrics.metrics"})
"""The endpoints that machines ask all day long: logged at level debug."""


class RequestRecord:
    """What is known of one request; written once its response, and its answer if it has one, have ended."""

    def __init__(
        self,
        request_id: str,
        method: str,
        path: str,
        endpoint: str | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.status: int | None = None
        """None as long as there is no response, and for good if nobody is left to respond to."""
        self.error_code: str | None = None
        self.arrived_at = clock()
        self.request_id = request_id
        self._request = {"request_id": request_id, "method": method, "path": path}
        self._is_chat = endpoint == CHAT and method != "OPTIONS"
        self._level = logging.DEBUG if endpoint in QUIET else logging.INFO
        self._clock = clock
        self._answer: AnswerRecord | None = None
        self._model_group = ""
        self._parts_under_way = 1

    @contextmanager
    def answering(self, asked: ChatRequest, model_group: str, *, streamed: bool) -> Iterator[AnswerRecord]:
        """Record an answer while it is written. `model_group` stands for its model in the metrics."""
        answer = AnswerRecord(asked, streamed=streamed, arrived_at=self.arrived_at)
        self._answer, self._model_group = answer, model_group
        self._parts_under_way += 1
        metrics.OPEN_ANSWERS.inc()
        error: BaseException | None = None
        try:
            yield answer
        except BaseException as ending:
            error = ending
            raise
        finally:
            metrics.OPEN_ANSWERS.dec()
            answer.end(error)
            self.part_ended()

    def part_ended(self) -> None:
        """Say that the response, or its answer, has ended: whichever does so last writes the line."""
        self._parts_under_way -= 1
        if self._parts_under_way == 0:
            self._write(self._clock() - self.arrived_at)

    def _write(self, seconds: float) -> None:
        fields: dict[str, object] = {
            **self._request,
            "status": self.status,
            "total_ms": round(seconds * 1000, 1),
        }
        if self._answer:
            self.error_code = self._answer.error_code
            metrics.count_answer(self._answer, self._model_group, seconds)
            fields.update(self._answer.fields())
        if self._is_chat:
            fields["ended_by"] = self._ended_by()
            metrics.count_request(self._ended_by(), self.error_code)
        fields["error_code"] = self.error_code
        known = {name: value for name, value in fields.items() if value is not None}
        log.log(self._level, "request", extra=known)

    def _ended_by(self) -> str:
        if self._answer:
            return self._answer.ended_by
        return "us" if self.error_code == InternalError().code else "refused"
