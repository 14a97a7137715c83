import logging

import pytest

from webapp import create_app
from webapp.configuration.settings import Settings


def test_a_variable_that_keeps_the_app_from_answering_is_named_once_at_the_start(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-\u2013")
    with caplog.at_level(logging.ERROR, "webapp"):
        create_app(Settings(model="m"))
    [said] = [record.getMessage() for record in caplog.records]
    assert "OPENAI_API_KEY: character 4" in said
    assert "\n" not in said


def test_an_app_that_can_answer_says_nothing_at_the_start(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "any")
    create_app(Settings(model="m"))
    assert not caplog.records
