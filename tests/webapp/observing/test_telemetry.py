"""The line that a request leaves, on a clock that the test moves."""

import logging
from typing import Any

import pytest

from tests.webapp.observing.test_answer_record import ASKED, DONE, START, note
from webapp.chat.events import Delta
from webapp.observing.metrics import exposition
from webapp.observing.telemetry import RequestRecord


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG, "webapp.observing.telemetry")
    return caplog


def fields_of(line: logging.LogRecord) -> dict[str, Any]:
    usual = logging.makeLogRecord({}).__dict__
    return {name: value for name, value in line.__dict__.items() if name not in usual and name != "message"}


def chats_counted() -> list[str]:
    lines = exposition("")[0].decode().splitlines()
    return [line for line in lines if line.startswith("chat_requests_total")]


def record(path: str = "/chat", endpoint: str | None = "chat.chat") -> RequestRecord:
    return RequestRecord("r-1", "POST", path, endpoint, clock=iter((100.0, *[101.5] * 9)).__next__)


def test_a_request_without_an_answer_is_written_at_its_end(lines: pytest.LogCaptureFixture) -> None:
    page = record("/", "chat.page")
    page.status = 200
    assert not lines.records
    page.part_ended()
    assert [fields_of(line) for line in lines.records] == [
        {"request_id": "r-1", "method": "POST", "path": "/", "status": 200, "total_ms": 1500.0}
    ]


def test_a_refused_chat_says_so(lines: pytest.LogCaptureFixture) -> None:
    refused = record()
    refused.status, refused.error_code = 400, "invalid_json"
    refused.part_ended()
    fields = fields_of(lines.records[0])
    assert (fields["ended_by"], fields["error_code"], fields["status"]) == ("refused", "invalid_json", 400)


def test_a_preflight_is_no_chat_that_was_refused(lines: pytest.LogCaptureFixture) -> None:
    counted = chats_counted()
    preflight = RequestRecord("r-1", "OPTIONS", "/chat", "chat.chat")
    preflight.status = 200
    preflight.part_ended()
    assert "ended_by" not in fields_of(lines.records[0])
    assert chats_counted() == counted


@pytest.mark.parametrize("response_first", [True, False])
def test_response_and_answer_make_one_line_whichever_ends_first(
    lines: pytest.LogCaptureFixture, response_first: bool
) -> None:
    chat = record()
    with chat.answering(ASKED, "mock*", streamed=True) as answer:
        note(answer.progress, START, Delta("a"), DONE)
        if response_first:
            chat.status = 200
            chat.part_ended()
        assert not lines.records
    if not response_first:
        chat.status = 200
        chat.part_ended()
    fields = fields_of(lines.records[0])
    assert (len(lines.records), fields["status"], fields["ended_by"]) == (1, 200, "model")
    assert (fields["first_token_ms"], fields["total_ms"], fields["model"]) == (1000.0, 1500.0, "mock-a")


def test_an_answer_that_nobody_waits_for_has_no_status(lines: pytest.LogCaptureFixture) -> None:
    chat = record()
    with pytest.raises(GeneratorExit), chat.answering(ASKED, "mock*", streamed=False):
        raise GeneratorExit
    chat.part_ended()
    fields = fields_of(lines.records[0])
    assert (fields["ended_by"], fields["error_code"]) == ("client", "client_gone")
    assert "status" not in fields


@pytest.mark.parametrize("endpoint", ["chat.healthz", "chat.readyz", "metrics.metrics"])
def test_what_machines_ask_all_day_is_quiet(lines: pytest.LogCaptureFixture, endpoint: str) -> None:
    record("/", endpoint).part_ended()
    assert [line.levelname for line in lines.records] == ["DEBUG"]
