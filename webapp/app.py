"""The application factory: settings → a Flask app with everything in its place."""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

from webapp.configuration import Deadlines, Settings, unknown_variables
from webapp.http import Chat, register, register_document, register_metrics, secure
from webapp.limits import Admission
from webapp.observing import write_json_lines
from webapp.relay import Limits
from webapp.serving import POLL_SECONDS, OpenAnswers, waits_can_be_broken
from webapp.upstream import ChatModel, Readiness

log = logging.getLogger(__name__)

Callee = TypeVar("Callee", bound=Callable[..., Any])


class SyncFlask(Flask):
    """One without coroutines: to look for them, Flask inspects seven functions with each request."""

    def ensure_sync(self, func: Callee) -> Callee:
        """Return it as it is."""
        return func


def build(settings: Settings | None = None) -> Flask:
    """Build the app; without `settings`, from the process's environment. Raises SettingsError."""
    unknown = [] if settings else unknown_variables(os.environ)
    settings = settings or Settings.from_env(os.environ)
    write_json_lines(settings.log_level)
    if unknown:
        log.warning("Not settings of this app, so ignored: %s", ", ".join(unknown))
    app = SyncFlask("webapp")
    model = ChatModel(settings)
    if model.problem:
        log.error("No question can be answered: %s", model.problem)
    answers = OpenAnswers()
    deadlines = Deadlines(settings, os.environ)
    register(
        app,
        Chat(settings, model, _limits(settings), deadlines, Readiness(model), answers, Admission(settings)),
    )
    register_document(app, settings)
    secure(app, settings)
    register_metrics(app, settings.metrics_token.get_secret_value())
    return app


def _limits(settings: Settings) -> Limits:
    return Limits(
        heartbeat_seconds=settings.heartbeat_seconds,
        first_token_seconds=settings.first_token_timeout_seconds,
        token_seconds=settings.token_timeout_seconds,
        total_seconds=settings.total_timeout_seconds,
        shows_reasoning=settings.show_reasoning,
        poll_seconds=math.inf if waits_can_be_broken() else POLL_SECONDS,
    )
