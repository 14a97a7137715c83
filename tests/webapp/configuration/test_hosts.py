"""Which host an environment is of, and that what it does to answers becomes the default."""

from __future__ import annotations

import pytest

from webapp.configuration.hosts import ELSEWHERE, HOSTS, detected
from webapp.configuration.settings import Settings


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"DYNO": "web.1"}, "Heroku"),
        ({"K_SERVICE": "chat"}, "Cloud Run"),
        ({"VERCEL": "1"}, "Vercel"),
        ({"AWS_LAMBDA_FUNCTION_NAME": "chat"}, "AWS Lambda"),
        ({"FLY_APP_NAME": "chat"}, "Fly.io"),
        ({"RENDER": "true"}, "Render"),
        ({"HOME": "/home/me"}, "elsewhere"),
        ({"DYNO": ""}, "elsewhere"),
        ({}, "elsewhere"),
    ],
)
def test_a_host_is_known_by_its_variable(environ: dict[str, str], name: str) -> None:
    assert detected(environ).name == name


@pytest.mark.parametrize("variable", HOSTS)
def test_an_answer_ends_before_the_host_would_cut_it(variable: str) -> None:
    host, settings = HOSTS[variable], Settings.from_env({variable: "x"})
    if host.total_seconds is None:
        assert settings.deadline_seconds == 0
    else:
        assert 0 < settings.deadline_seconds < host.total_seconds


@pytest.mark.parametrize("variable", HOSTS)
def test_the_process_ends_before_the_host_would_kill_it(variable: str) -> None:
    assert 0 < Settings.from_env({variable: "x"}).shutdown_grace_seconds < HOSTS[variable].grace_seconds


def test_elsewhere_nothing_ends_an_answer_but_itself() -> None:
    assert Settings.from_env({}).deadline_seconds == 0
    assert Settings.from_env({}).shutdown_grace_seconds < ELSEWHERE.grace_seconds


def test_what_the_operator_says_goes_before_what_the_host_does() -> None:
    environ = {"K_SERVICE": "chat", "CHAT_DEADLINE_SECONDS": "3590", "CHAT_SHUTDOWN_GRACE_SECONDS": "8"}
    settings = Settings.from_env(environ)
    assert (settings.deadline_seconds, settings.shutdown_grace_seconds) == (3590, 8)
