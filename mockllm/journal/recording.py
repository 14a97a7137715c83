"""What the journal gets to know of each request to an API: at its beginning, and when its answer ended."""

import time
from dataclasses import dataclass

from flask import Flask, Response, g, request

from mockllm.faults import Fault
from mockllm.journal.journal import Entry, Journal
from mockllm.timing import Delivery


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
    number: int = 0

    def end(self, delivery: Delivery) -> None:
        self.journal.end(self.number, delivery)


def keep_journal(app: Flask, journal: Journal) -> None:
    """Record every request under `/v1`, the refused ones too."""

    @app.before_request
    def _start() -> None:
        g.note = Note(journal, time.monotonic())

    @app.after_request
    def _begin(response: Response) -> Response:
        if request.path.startswith("/v1/"):
            note: Note = g.note
            outcome = (
                "sending" if note.is_sending else "refused" if response.status_code >= 400 else "complete"
            )
            note.number = journal.begin(_entry(note, response), outcome)
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
    )
