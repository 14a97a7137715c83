"""The application factory: settings → a Flask app with everything in its place."""

from __future__ import annotations

import math
import os

from flask import Flask

from webapp.configuration import Settings
from webapp.http import Chat, metrics_view, openapi, register, secure
from webapp.limits import Admission
from webapp.observing import logs
from webapp.relay import Limits
from webapp.serving import POLL_SECONDS, OpenAnswers, waits_can_be_broken
from webapp.upstream import ChatModel, Readiness


def build(settings: Settings | None = None) -> Flask:
    """Build the app; without `settings`, from the process's environment. Raises SettingsError."""
    settings = settings or Settings.from_env(os.environ)
    logs.write_json_lines(settings.log_level)
    app = Flask("webapp")
    model = ChatModel(settings)
    answers = OpenAnswers()
    register(app, Chat(settings, model, _limits(settings), Readiness(model), answers, Admission(settings)))
    openapi.register(app, settings)
    secure(app, settings)
    metrics_view.register(app, settings.metrics_token.get_secret_value())
    return app


def _limits(settings: Settings) -> Limits:
    return Limits(
        heartbeat_seconds=settings.heartbeat_seconds,
        first_token_seconds=settings.first_token_timeout_seconds,
        token_seconds=settings.token_timeout_seconds,
        total_seconds=settings.total_timeout_seconds,
        deadline_seconds=settings.deadline_seconds or math.inf,
        poll_seconds=math.inf if waits_can_be_broken() else POLL_SECONDS,
    )
