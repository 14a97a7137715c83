"""Whether a body that is broken off looks so to whoever reads it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any


def shows_a_cut(environ: Mapping[str, Any]) -> bool:
    """Whether the server of this request frames a body in chunks, or lets its connection be reset.

    A server that does neither ends every body by closing: what came is all there is (RFC 9112, 6.3). Python's
    own http.server does, which Vercel's runtime is made of, and calls it HTTP/1.1 to the app; so do uWSGI and
    whatever runs the app once for each request.
    """
    if "gunicorn.socket" in environ:
        return True
    ends_by_closing = (
        "vercel_runtime" in sys.modules
        or str(environ.get("SERVER_SOFTWARE", "")).startswith("WSGIServer")
        or "uwsgi.version" in environ
        or environ.get("wsgi.run_once")
    )
    return not ends_by_closing and environ.get("SERVER_PROTOCOL") == "HTTP/1.1"
