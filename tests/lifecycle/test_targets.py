"""Addresses on the wire, as a real gunicorn takes them: a path has one writing, a server on loopback its own names.

What a proxy in front blocks by its path is not to be had by another writing of it.
"""

from __future__ import annotations

import pytest

from loadtests.stack import Stack
from tests.lifecycle.chat_client import ChatClient


@pytest.fixture
def port(stack: Stack) -> int:
    return stack.port


def status(port: int, target: str, *headers: str, host: str | None = "{own}") -> int:
    own = f"127.0.0.1:{port}"
    lines = [f"GET {target.format(own=own)} HTTP/1.1", *headers, "Connection: close"]
    if host is not None:
        lines.append(f"Host: {host.format(own=own)}")
    with ChatClient(port) as client:
        client.sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        return client.reply().status


@pytest.mark.parametrize(
    "target", ["/metrics", "/metrics?x=1", "http://{own}/metrics", "HTTP://{own}/metrics?x"]
)
def test_the_one_writing_of_a_path(port: int, target: str) -> None:
    assert status(port, target) == 200


@pytest.mark.parametrize(
    "path",
    [
        "//metrics",
        "///metrics",
        "/%6detrics",
        "/./metrics",
        "/x/../metrics",
        "/static/../metrics",
        "/static/%2e%2e/metrics",
        "/a//metrics",
        "/metrics/",
        "/METRICS",
        "/metrics;x",
        "/metrics%2f",
        "/metrics%00",
        "/metrics#x",
        "/\\metrics",
        "/metrics\\",
    ],
)
@pytest.mark.parametrize("before", ["", "http://{own}"])
def test_every_other_writing_is_nowhere(port: int, before: str, path: str) -> None:
    assert status(port, before + path) == 404


@pytest.mark.parametrize("target", ["metrics", "*", "http:/metrics", "\\metrics", "/metrics\xff"])
def test_what_is_no_target_is_not_understood(port: int, target: str) -> None:
    assert status(port, target) == 400


@pytest.mark.parametrize(
    "header",
    [
        "SCRIPT_NAME: /healthz",
        "Script-Name: /healthz",
        "SCRIPT-NAME: /healthz",
        "PATH_INFO: /metrics",
        "X-Script-Name: /healthz",
        "X-Forwarded-Prefix: /healthz",
        "X-Original-URL: /metrics",
        "X-Rewrite-URL: /metrics",
    ],
)
def test_no_header_moves_the_app_to_another_path(port: int, header: str) -> None:
    assert [status(port, path, header) for path in ("/healthz", "/healthz/metrics")] == [200, 404]


@pytest.mark.parametrize("host", ["{own}", "localhost", "LOCALHOST.:80", "[::1]:1", "a.localhost", "", None])
def test_a_server_on_loopback_has_these_names(port: int, host: str | None) -> None:
    assert status(port, "/healthz", host=host) == 200


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("/healthz", "rebound.example"),
        ("/healthz", "{own}, rebound.example"),
        ("/healthz", "127.0.0.1@rebound.example"),
        ("/healthz", "rebound.example@127.0.0.1"),
        ("/healthz", "127.0.0.1.rebound.example"),
        ("/healthz", "0.0.0.0"),
        ("/healthz", "127.1"),
        ("http://rebound.example/healthz", "{own}"),
        ("http://rebound.example/healthz", "rebound.example"),
        ("http://{own}/healthz", "rebound.example"),
        ("http:///healthz", "{own}"),
        ("http://user@{own}/healthz", "{own}"),
    ],
)
def test_it_has_no_others(port: int, target: str, host: str) -> None:
    assert status(port, target, host=host) == 421


def test_two_hosts_are_none(port: int) -> None:
    assert status(port, "/healthz", "Host: localhost") == 400
