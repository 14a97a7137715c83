"""Who may ask: the key that a client sends, and the one that the operator set."""

import secrets

from flask import Flask, request
from werkzeug.datastructures import Headers

from mockllm.serving.settings import Settings
from mockllm.values import ApiError

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def key_of(headers: Headers) -> str:
    """Return the key that a client sends: as OpenAI's, Anthropic's, Azure's or Google's does."""
    bearer = headers.get("Authorization", "").removeprefix("Bearer ")
    others = (headers.get(name) for name in ("X-Api-Key", "Api-Key", "X-Goog-Api-Key"))
    return bearer or next(filter(None, others), "")


def check_key(settings: Settings) -> None:
    """Refuse a request without the operator's key, if there is one. Raises ApiError."""
    if not settings.api_key:
        return
    # Google's examples for curl have it in the address.
    given = key_of(request.headers) or request.args.get("key", "")
    if not secrets.compare_digest(given.encode(), settings.api_key.encode()):
        challenge = (("WWW-Authenticate", 'Bearer realm="OpenAI API"'),)
        raise ApiError(401, "Incorrect API key provided.", code="invalid_api_key", headers=challenge)


def guard_controls(app: Flask, settings: Settings) -> None:
    """Ask for the key under `/mock` too, where others than this machine's programs can come."""

    @app.before_request
    def _guard() -> None:
        if request.path.startswith("/mock/") and settings.host not in _LOOPBACK:
            check_key(settings)
