"""What the journal gets to know of each request to an API: at its beginning, and when its answer ended."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, Response, g, request

from mockllm.faults import Fault
from mockllm.journal.counts import OTHER, Counts
from mockllm.journal.journal import Entry, Journal
from mockllm.timing import Delivery
from mockllm.values import Turn

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Note:
    """What is known of the request that is being answered, as far as it has come."""

    journal: Journal
    started: float
    body: bytes = b""
    model: str = ""
    fault: Fault | None = None
    answer: str = ""
    is_sending: bool = False
    tokens: tuple[int, int] = (0, 0)
    recalled: Sequence[Turn] = ()
    number: int = 0
    line: str = ""

    def end(self, delivery: Delivery) -> None:
        """Note the end of an answer, in the journal and in the log."""
        self.journal.end(self.number, delivery)
        if _log.isEnabledFor(logging.INFO):
            seconds = time.monotonic() - self.started
            told = f"{delivery.outcome}, {len(delivery.token_times)} tokens in {seconds:.3f} s"
            _log.info("%s %s%s", self.line, told, f", fault {self.fault}" if self.fault else "")


def keep_journal(app: Flask, journal: Journal, counts: Counts) -> None:
    """Record and count every request under `/v1` and `/v1beta`, the refused ones too."""

    @app.before_request
    def _start() -> None:
        g.note = Note(journal, time.monotonic())

    @app.after_request
    def _begin(response: Response) -> Response:
        if request.path.startswith(("/v1/", "/v1beta/")) and request.method != "OPTIONS":
            note: Note = g.note
            outcome = (
                "sending" if note.is_sending else "refused" if response.status_code >= 400 else "complete"
            )
            note.number = journal.begin(_entry(note, response), outcome)
            path = str(request.url_rule or OTHER).replace("path:", "")
            fault = note.fault.name if note.fault else ""
            counts.add(path, note.model, response.status_code, fault, note.tokens)
            note.line = f"{request.method} {request.path} {note.model or '-'} {response.status_code}"
            if not note.is_sending:
                _log.info("%s %s", note.line, outcome)
        return response


def _entry(note: Note, response: Response) -> Entry:
    return Entry(
        request_id=response.headers["X-Request-ID"],
        method=request.method,
        path=request.path,
        headers=dict(request.headers),
        body=note.body,
        started=note.started,
        status=response.status_code,
        model=note.model,
        fault=note.fault.name if note.fault else "",
        fault_written=str(note.fault) if note.fault else "",
        answer=note.answer,
        recalled=note.recalled,
    )
