"""nginx and HAProxy as processes in front of the app, set to the rules of a host's router, scaled down."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from loadtests.rig import free_port, listens, running
from tests.programs import HAPROXY, NGINX, required

FIRST_BYTE_SECONDS = 1.0
IDLE_SECONDS = 1.5
"""Heroku gives 30 s to the first byte and 55 s between any two; these are their like, with heartbeats of 0.5 s."""

# One limit on silence serves for both: what passes the shorter passes the longer.
_NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr error;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  proxy_read_timeout {first_byte}s; {extra}
  server {{ listen 127.0.0.1:{app}; location / {{ proxy_pass http://127.0.0.1:{to_app}; }} }}
  server {{ listen 127.0.0.1:{mock}; location / {{ proxy_pass http://127.0.0.1:{to_mock}; }} }}
}}
"""
_HAPROXY = """
global
  maxconn 256
defaults
  mode http
  timeout connect 1s
  timeout client {idle}s
  timeout server {first_byte}s
frontend app
  bind 127.0.0.1:{app}
  default_backend app
frontend mock
  bind 127.0.0.1:{mock}
  default_backend mock
backend app
  server app 127.0.0.1:{to_app}
backend mock
  server mock 127.0.0.1:{to_mock}
"""


class Router:
    """Where a running router takes requests for the app, and for the mock without the app between them."""

    def __init__(self) -> None:
        self.app_port, self.mock_port = free_port(), free_port()

    def filled(self, template: str, to_app: int, to_mock: int, **more: object) -> str:
        return template.format(
            first_byte=FIRST_BYTE_SECONDS,
            idle=IDLE_SECONDS,
            app=self.app_port,
            mock=self.mock_port,
            to_app=to_app,
            to_mock=to_mock,
            **more,
        )


@contextlib.contextmanager
def nginx(folder: Path, to_app: int, to_mock: int, *, http_1_1: bool) -> Iterator[Router]:
    """nginx as it comes, which speaks HTTP/1.0 to what it stands before, or told to speak HTTP/1.1."""
    program, router = required(NGINX), Router()
    extra = 'proxy_http_version 1.1; proxy_set_header Connection "";' if http_1_1 else ""
    config = folder / "nginx.conf"
    text = router.filled(_NGINX, to_app, to_mock, folder=folder, extra=extra)
    config.write_text(text.replace("1.0s", "1s"))
    with _running([program, "-p", str(folder), "-e", "stderr", "-c", str(config)], router):
        yield router


@contextlib.contextmanager
def haproxy(folder: Path, to_app: int, to_mock: int) -> Iterator[Router]:
    program, router = required(HAPROXY), Router()
    config = folder / "haproxy.cfg"
    milliseconds = (
        router.filled(_HAPROXY, to_app, to_mock).replace("1.0s", "1000ms").replace("1.5s", "1500ms")
    )
    config.write_text(milliseconds)
    with _running([program, "-db", "-f", str(config)], router):
        yield router


@contextlib.contextmanager
def _running(command: list[str], router: Router) -> Iterator[None]:
    with running(command) as process:
        process.await_ready(lambda: listens(router.mock_port), 10, f"on port {router.mock_port}")
        yield
