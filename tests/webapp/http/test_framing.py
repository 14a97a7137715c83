import sys
from types import SimpleNamespace
from typing import Any

import pytest

from webapp.http.framing import shows_a_cut


@pytest.mark.parametrize(
    ("environ", "shown"),
    [
        ({"SERVER_PROTOCOL": "HTTP/1.1", "gunicorn.socket": object()}, True),
        # gunicorn's connections are reset where there are no chunks.
        ({"SERVER_PROTOCOL": "HTTP/1.0", "gunicorn.socket": object()}, True),
        ({"SERVER_PROTOCOL": "HTTP/1.1", "SERVER_SOFTWARE": "Werkzeug/3.1"}, True),
        ({"SERVER_PROTOCOL": "HTTP/1.0", "SERVER_SOFTWARE": "Werkzeug/3.1"}, False),
        ({"SERVER_PROTOCOL": "HTTP/1.1", "SERVER_SOFTWARE": "waitress"}, True),
        ({"SERVER_PROTOCOL": "HTTP/1.1", "SERVER_SOFTWARE": "WSGIServer/0.2 CPython/3.13"}, False),
        ({"SERVER_PROTOCOL": "HTTP/1.1", "uwsgi.version": b"2.0"}, False),
        ({"SERVER_PROTOCOL": "HTTP/1.1", "wsgi.run_once": True}, False),
        ({"SERVER_PROTOCOL": "HTTP/1.1"}, True),
        ({}, False),
    ],
)
def test_what_a_server_can_show(environ: dict[str, Any], shown: bool) -> None:
    assert shows_a_cut(environ) is shown


def test_vercels_runtime_calls_it_http_1_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vercel_runtime", SimpleNamespace())
    assert not shows_a_cut({"SERVER_PROTOCOL": "HTTP/1.1"})
