"""The app for servers that look for an object instead of calling a factory: `webapp.wsgi:app`."""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler

from webapp import create_app


def _log_nothing(self: BaseHTTPRequestHandler, code: int | str = "-", size: int | str = "-") -> None:
    """Stand in for http.server's line of each request."""


if "vercel_runtime" in sys.modules:
    # Its server writes a line with the query string for each request, beside the app's own without it.
    BaseHTTPRequestHandler.log_request = _log_nothing  # type: ignore[method-assign]

app = create_app()
