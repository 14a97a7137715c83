"""What the code leans on that its libraries do not promise: an upgrade that takes any of it away fails here.

docs/design.md lists the same rows with what each is for.
"""

import ast
import io
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gevent
import gevent.monkey
import gevent.socket
import gevent.ssl
import httpx2
import pytest
from geventhttpclient import _parser
from geventhttpclient.response import HTTPResponse
from gunicorn import util
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.http import message, wsgi
from gunicorn.workers.base import Worker
from gunicorn.workers.ggevent import GeventWorker
from openai import OpenAI

ROOT = Path(__file__).resolve().parent.parent


def gunicorn_worker() -> Worker:
    worker = Worker(1, 0, [], None, 1, Config(), None)
    worker.tmp.close()
    return worker


def gunicorn_response() -> wsgi.Response:
    return wsgi.Response(SimpleNamespace(method="GET"), io.BytesIO(), Config())


def gevent_socket() -> gevent.socket.socket:
    with gevent.socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        return sock


def tls_socket() -> gevent.ssl.SSLSocket:
    context = gevent.ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with gevent.socket.socket() as sock, context.wrap_socket(sock, server_hostname="localhost") as wrapped:
        return wrapped


def openai_client() -> OpenAI:
    with OpenAI(api_key="none") as client:
        return client


LEANED_ON: dict[str, tuple[Callable[[], Any], tuple[str, ...]]] = {
    "gunicorn `Arbiter`": (lambda: Arbiter, ("signal",)),
    "gunicorn `Worker`": (gunicorn_worker, ("age", "alive", "booted", "cfg", "notify", "pid", "ppid")),
    "gunicorn `GeventWorker`": (
        lambda: GeventWorker,
        (
            "handle",
            "handle_error",
            "handle_exit",
            "handle_request",
            "notify",
            "run",
            "server_class",
            "timeout_ctx",
        ),
    ),
    "gunicorn `wsgi.Response`": (
        gunicorn_response,
        ("chunked", "close", "default_headers", "headers", "headers_sent", "sent", "sock", "write"),
    ),
    "gunicorn `Config`": (Config, ("settings",)),
    "gunicorn `util`": (lambda: util, ("http_date",)),
    "gunicorn `message`": (lambda: message, ("_ip_in_allow_list",)),
    "gunicorn `message.HeaderPolicy`": (lambda: message.HeaderPolicy, ("_peer_is_trusted_proxy",)),
    "gevent `socket`": (gevent_socket, ("_accept", "_sock")),
    "gevent `SSLSocket`": (tls_socket, ("_sslobj",)),
    "Python's `ssl`": (lambda: ssl, ("_create_unverified_context",)),
    "gevent `monkey`": (lambda: gevent.monkey, ("get_original", "is_module_patched")),
    "gevent's loop": (
        lambda: gevent.get_hub().loop,
        ("io", "run_callback", "run_callback_threadsafe", "timer"),
    ),
    "openai `OpenAI`": (openai_client, ("_client", "base_url", "post", "with_options")),
    "httpx2 `_utils`": (lambda: httpx2._utils, ("get_environment_proxies",)),
    "httpx2 `Client`": (lambda: httpx2.Client, ("_transport_for_url",)),
    "geventhttpclient `_parser`": (lambda: _parser, ("HTTPParseError", "HTTPResponseParser")),
    "geventhttpclient `HTTPResponse`": (HTTPResponse, ("_body_buffer",)),
}


@pytest.mark.parametrize("holder", LEANED_ON)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_it_is_there(holder: str) -> None:
    make, names = LEANED_ON[holder]
    thing = make()
    assert [name for name in names if not hasattr(thing, name)] == []


def test_prometheus_client_names_the_files_of_a_process_by_its_number(tmp_path: Path) -> None:
    program = "from prometheus_client import Gauge; Gauge('g', 'd', multiprocess_mode='livesum').set(1); import os; print(os.getpid())"
    environment = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert [file.name for file in tmp_path.iterdir()] == [f"gauge_livesum_{int(ran.stdout)}.db"]


def test_locust_keeps_the_response_under_its_own() -> None:
    """In a process of its own: Locust patches what it finds."""
    program = (
        "from locust.contrib.fasthttp import FastResponse\n"
        "import inspect, locust.env, locust.stats, locust.web\n"
        "assert '_response' in inspect.getsource(FastResponse)\n"
        "assert callable(locust.stats.bucket_response_time)\n"
        "assert callable(locust.env.Environment._filter_tasks_by_tags)\n"
        "assert {'template_args', 'app'} <= locust.web.WebUI.__annotations__.keys()\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True)


def test_the_list_names_every_private_name_that_the_code_takes_from_a_library() -> None:
    listed = {name for _, names in LEANED_ON.values() for name in names} | {
        "_filter_tasks_by_tags",
        "_parser",
        "_response",
        "_utils",
    }
    taken = set()
    for package in ("webapp", "mockllm", "loadtests"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            for line in text.splitlines():
                if "SLF001" in line:
                    taken |= set(re.findall(r"(?<!self)\.(_[a-z]\w*)", line.partition("#")[0]))
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ImportFrom) and node.module:
                    taken |= {part for part in node.module.split(".") if re.match(r"_[a-z]", part)}
    assert taken - listed == set()


def test_the_design_lists_them_too() -> None:
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    missing = [holder for holder in LEANED_ON if holder not in text]
    missing += [name for _, names in LEANED_ON.values() for name in names if f"`{name}`" not in text]
    assert missing == []
