"""What callers are told of errors: sentences that hold no exception, and the table of them in the docs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from webapp.chat.errors import (
    LIMIT_OUTCOMES,
    UPSTREAM_OUTCOMES,
    ChatError,
    InternalError,
    LimitedError,
    NotReadyError,
    Outcome,
    RefusedError,
    UpstreamError,
)

DOCS = Path(__file__).parents[3] / "docs" / "lifecycle.md"
ROW = re.compile(r"^\| .+? \| `(\w+)` \| (\d{3}) \| (yes|no) \| (.+) \|$", re.MULTILINE)


def test_the_docs_say_what_each_trouble_becomes() -> None:
    told = {
        code: Outcome(int(status), retryable == "yes", message)
        for code, status, retryable, message in ROW.findall(DOCS.read_text())
    }
    assert told == UPSTREAM_OUTCOMES


@pytest.mark.parametrize("code", UPSTREAM_OUTCOMES)
def test_a_trouble_of_the_upstream_has_its_outcome(code: str) -> None:
    error, outcome = UpstreamError(code, seconds=60), UPSTREAM_OUTCOMES[code]
    assert (error.code, error.status, error.retryable) == (code, outcome.status, outcome.retryable)
    assert error.message.endswith(".")
    assert "{" not in error.message


@pytest.mark.parametrize("code", LIMIT_OUTCOMES)
def test_a_limit_says_when_to_come_again(code: str) -> None:
    error = LimitedError(code, limit=7, retry_after_seconds=2.2)
    assert (error.status, error.retry_after_seconds) == (LIMIT_OUTCOMES[code].status, 2.2)
    assert error.message.endswith(".")
    assert "{" not in error.message


def test_a_refusal_names_its_field() -> None:
    error = RefusedError("message_too_long", "at most 5 characters, got 6", param="messages[0].content")
    assert error.message == "messages[0].content: at most 5 characters, got 6"
    assert (error.status, error.retryable, error.param) == (400, False, "messages[0].content")


def test_what_is_not_ready_may_be_retried_only_if_it_says_when() -> None:
    assert not NotReadyError("not_configured", "No key.").retryable
    assert NotReadyError("shutting_down", "Another answers.", retry_after_seconds=1).retryable


def test_an_internal_error_says_nothing_of_the_inside() -> None:
    error = InternalError()
    assert isinstance(error, ChatError)
    assert (error.status, error.code, error.retryable) == (500, "internal_error", True)
