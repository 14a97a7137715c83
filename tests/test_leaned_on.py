"""What the code leans on that its libraries do not promise: an upgrade that takes any of it away fails here.

docs/design.md lists the same rows with what each is for.
"""

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
import prometheus_client.values
import pytest
from gevent.server import StreamServer
from geventhttpclient import _parser
from geventhttpclient.response import HTTPResponse, HTTPSocketPoolResponse
from gunicorn import util
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.http import message, wsgi
from gunicorn.http.body import Body, ChunkedReader, LengthReader
from gunicorn.http.unreader import IterUnreader
from gunicorn.workers.base import Worker
from gunicorn.workers.ggevent import GeventWorker
from openai import OpenAI

from tests.library_names import OURS, private_names

ROOT = Path(__file__).resolve().parent.parent


def gunicorn_worker() -> Worker:
    worker = Worker(1, 0, [], None, 1, Config(), None)
    worker.tmp.close()
    return worker


def gunicorn_request() -> message.Request:
    return message.Request(Config(), IterUnreader([b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"]), ("127.0.0.1", 1))


def gunicorn_response() -> wsgi.Response:
    return wsgi.Response(SimpleNamespace(method="GET"), io.BytesIO(), Config())


def gevent_socket() -> gevent.socket.socket:
    with gevent.socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        return sock


def tls_socket() -> gevent.ssl.SSLSocket:
    context = gevent.ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with gevent.socket.socket() as sock, context.wrap_socket(sock, server_hostname="localhost") as wrapped:
        return wrapped


def pooled_response() -> HTTPSocketPoolResponse:
    one, other = gevent.socket.socketpair()
    pool = SimpleNamespace(return_socket=lambda sock: sock.close())
    with other:
        other.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        response = HTTPSocketPoolResponse(one, pool)
    response.release()
    return response


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
        (
            "can_sendfile",
            "chunked",
            "close",
            "default_headers",
            "headers",
            "headers_sent",
            "req",
            "sent",
            "should_close",
            "sock",
            "write",
        ),
    ),
    "gunicorn `Request`": (gunicorn_request, ("body", "cfg", "peer_addr")),
    "gunicorn `Body`": (lambda: Body(None), ("reader",)),
    "gunicorn `LengthReader`": (lambda: LengthReader(None, 1), ("length", "read", "unreader")),
    "gunicorn `ChunkedReader`": (lambda: ChunkedReader(None, None), ("parser",)),
    "gunicorn `Unreader`": (lambda: IterUnreader([]), ("buf",)),
    "gunicorn `Config`": (Config, ("forwarded_allow_ips", "forwarded_allow_networks", "settings")),
    "gunicorn `util`": (lambda: util, ("http_date",)),
    "gunicorn `message`": (lambda: message, ("_ip_in_allow_list",)),
    "gunicorn `message.HeaderPolicy`": (lambda: message.HeaderPolicy, ("_peer_is_trusted_proxy",)),
    "gevent `socket`": (gevent_socket, ("_accept", "_sock")),
    "gevent `SSLSocket`": (tls_socket, ("_sslobj",)),
    "gevent `StreamServer`": (
        lambda: StreamServer,
        (
            "_do_read",
            "_spawn",
            "do_handle",
            "do_read",
            "full",
            "max_accept",
            "set_spawn",
            "wrap_socket_and_handle",
        ),
    ),
    "gevent `Hub`": (gevent.get_hub, ("print_exception",)),
    "Python's `ssl`": (lambda: ssl, ("_create_unverified_context",)),
    "Python's `re`": (lambda: re, ("_constants", "_parser")),
    "gevent `monkey`": (lambda: gevent.monkey, ("get_original", "is_module_patched")),
    "gevent's loop": (
        lambda: gevent.get_hub().loop,
        ("idle", "io", "run_callback", "run_callback_threadsafe", "timer"),
    ),
    "openai `OpenAI`": (openai_client, ("_client", "base_url", "post", "with_options")),
    "httpx2 `_utils`": (lambda: httpx2._utils, ("URLPattern", "get_environment_proxies")),
    "httpx2 `Client`": (lambda: httpx2.Client, ("_transport_for_url",)),
    "geventhttpclient `_parser`": (lambda: _parser, ("HTTPParseError", "HTTPResponseParser")),
    "geventhttpclient `HTTPResponse`": (HTTPResponse, ("_body_buffer",)),
    "geventhttpclient `HTTPSocketPoolResponse`": (pooled_response, ("_sock",)),
    "prometheus-client `values`": (lambda: prometheus_client.values, ("MultiProcessValue", "ValueClass")),
}
LOCUST: dict[str, tuple[str, tuple[str, ...]]] = {
    "Locust `FastResponse`": ("FastResponse.__base__.__init__.__code__.co_names", ("_response",)),
    "Locust `User`": ("User.__init__.__code__.co_names", ("_taskset_instance",)),
    "Locust `Environment`": ("dir(Environment)", ("_filter_tasks_by_tags",)),
    "Locust `stats`": ("dir(stats)", ("bucket_response_time",)),
    "Locust `StatsEntry`": (
        "dir(stats.RequestStats().get('name', 'method'))",
        (
            "last_request_timestamp",
            "max_response_time",
            "min_response_time",
            "num_reqs_per_sec",
            "num_requests",
            "response_times",
            "total_response_time",
        ),
    ),
    "Locust `WebUI`": ("WebUI.__annotations__", ("app", "template_args")),
}
"""By what it is: where its names stand, and which there must be."""
OUR_OWN = {
    ("webapp/upstream/decoding/decoder.py", "_take"),
    ("loadtests/proofs/attacks/hostile.py", "_answer"),
    ("loadtests/proofs/attacks/hostile.py", "_selector"),
}
"""What one of our classes has from another of ours, or from itself."""
STUBS_ONLY = {("webapp/upstream/transport/encodings.py", "_Decompress")}
"""A type that only its stubs have."""
LISTED = {name for _, names in LEANED_ON.values() for name in names} | {
    name for _, names in LOCUST.values() for name in names
}
MODULES = {"_parser", "_utils"}


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


def test_what_locust_has_is_there() -> None:
    """In a process of its own: Locust patches what it finds."""
    asked = {holder: (names, expression) for holder, (expression, names) in LOCUST.items()}
    program = (
        "from locust import User, stats\n"
        "from locust.contrib.fasthttp import FastResponse\n"
        "from locust.env import Environment\n"
        "from locust.web import WebUI\n"
        f"for holder, (names, where) in {asked!r}.items():\n"
        "    missing = set(names) - set(eval(where))\n"
        "    assert not missing, (holder, missing)\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True)


def test_the_list_names_every_private_name_that_the_code_takes_from_a_library() -> None:
    taken = {
        (path.relative_to(ROOT).as_posix(), name)
        for package in OURS
        for path in (ROOT / package).rglob("*.py")
        for name in private_names(path.read_text(encoding="utf-8"))
    }
    assert {each for each in taken - OUR_OWN - STUBS_ONLY if each[1] not in LISTED | MODULES} == set()
    assert taken >= OUR_OWN | STUBS_ONLY, "the list is longer than what is taken"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("value = client._platform", {"_platform"}),
        ("value = self._client._client", {"_client"}),
        ("value = getattr(client, '_platform')", {"_platform"}),
        ("value = hasattr(client, '_platform')", {"_platform"}),
        ("value = operator.attrgetter('_client._platform')", {"_client", "_platform"}),
        ("class A(B):\n    def go(self):\n        super()._init_transport()", {"_init_transport"}),
        ("class A(B):\n    def go(self):\n        self._init_transport()", {"_init_transport"}),
        ("from httpx2._utils import is_ipv4_hostname", {"_utils", "is_ipv4_hostname"}),
        ("from httpx2 import _utils", {"_utils"}),
        ("import httpx2._utils", {"_utils"}),
        ("class A:\n    def go(self):\n        self._own = 1\n        return self._own", set()),
        ("value = client.__class__; value = getattr(client, 'name')", set()),
    ],
)
def test_a_private_name_is_found_however_it_is_taken(source: str, found: set[str]) -> None:
    assert private_names(source) == found


def test_the_design_lists_them_too() -> None:
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    missing = [holder for holder in (*LEANED_ON, *LOCUST) if holder not in text]
    missing += [name for name in sorted(LISTED) if f"`{name}`" not in text]
    assert missing == []
