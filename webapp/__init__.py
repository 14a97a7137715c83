"""The chat app: a page, and `POST /chat`, which streams an answer while the model writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from webapp.configuration import Settings

__all__ = ["create_app"]


def create_app(settings: Settings | None = None) -> Flask:
    """Build the app from `settings`, by default from the process's environment.

    Raises SettingsError, whose text is one line, when the environment makes no sense.
    """
    # gunicorn's arbiter imports this package, for its configuration, before gevent patches the workers. The
    # app comes with libraries that make locks, and take sockets, as they find them when they are imported.
    from webapp.app import build  # noqa: PLC0415

    return build(settings)
