"""What carries the SDK's requests: gevent or not, TLS with verification, proxies from the environment."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openai import OpenAI

from loadtests.rig.scripted import (
    CHUNKED,
    DONE,
    EVENT,
    LAST_CHUNK,
    ScriptedUpstream,
    answer,
    chunk,
    plays,
)
from webapp.upstream import client
from webapp.upstream.client import http_client, open_stream
from webapp.upstream.transport.body import ThreadedBody

CERTIFICATE = Path(__file__).parents[1] / "tls" / "localhost.pem"
STREAM = CHUNKED + chunk(EVENT) + chunk(DONE) + LAST_CHUNK

ASK = """
import json, os, sys
if sys.argv[1] != "plain":
    from gevent import monkey
    monkey.patch_all()
if sys.argv[1] == "gevent on macOS":
    import platform
    platform.system = lambda: "Darwin"
import httpx2, openai
from webapp.upstream import client
from webapp.upstream.client import http_client, open_stream
for line in sys.stdin:
    url, environ = json.loads(line)
    os.environ.update(environ)
    try:
        with openai.OpenAI(api_key="key", base_url=url, http_client=http_client(), max_retries=0) as client:
            body = open_stream(client, {"model": "m", "messages": [], "stream": True}, httpx2.Timeout(5))
            read = b"".join(iter(lambda: body.read_available(5), b""))
        print(type(body).__name__, read.count(b"Hello"), flush=True)
    except openai.APIConnectionError as error:
        print(type(error.__cause__).__name__, flush=True)
    for name in environ:
        del os.environ[name]
"""

Asked = Callable[..., str]


def sending(data: bytes, tls: ssl.SSLContext | None = None) -> ScriptedUpstream:
    return ScriptedUpstream(plays(data), tls)


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    """Asks what a process of its own, patched by gevent or plain, gets from a URL with these variables set."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and not name.startswith("SSL_CERT_")
    }
    running: dict[str, subprocess.Popen[str]] = {}
    with ExitStack() as processes:

        def ask(kind: str, url: str, **environ: str) -> str:
            if kind not in running:
                command = [sys.executable, "-c", ASK, kind]
                pipe = subprocess.PIPE
                started = subprocess.Popen(command, env=clean, stdin=pipe, stdout=pipe, text=True)
                running[kind] = processes.enter_context(started)
            stdin, stdout = running[kind].stdin, running[kind].stdout
            assert stdin
            assert stdout
            print(json.dumps([url, environ]), file=stdin, flush=True)
            return stdout.readline().strip()

        yield ask


def test_a_plain_process_has_the_sdks_own_transport() -> None:
    assert http_client() is None
    with sending(STREAM) as upstream, OpenAI(api_key="key", base_url=upstream.url) as client:
        body = open_stream(client, {"model": "m", "messages": []}, httpx2.Timeout(1))
        assert isinstance(body, ThreadedBody)
        body.close()


def test_what_the_sdk_adds_is_sent_and_compression_is_not_asked_for() -> None:
    with (
        sending(STREAM) as upstream,
        OpenAI(api_key="key", base_url=upstream.url, organization="org") as client,
    ):
        open_stream(client, {"model": "m", "messages": []}, httpx2.Timeout(1)).close()

    head, _, body = upstream.requests[0].decode().partition("\r\n\r\n")
    sent = {line.lower() for line in head.split("\r\n")}
    assert "post /v1/chat/completions http/1.1" in sent
    assert {"authorization: bearer key", "openai-organization: org", "accept-encoding: identity"} <= sent
    assert body == '{"model":"m","messages":[]}'


def test_what_is_called_compressed_and_is_not_is_refused() -> None:
    compressed = answer(b"no gzip at all", headers=b"Content-Encoding: gzip\r\n")
    with (
        sending(compressed) as upstream,
        OpenAI(api_key="key", base_url=upstream.url) as client,
        pytest.raises(httpx2.DecodingError),
    ):
        open_stream(client, {"model": "m", "messages": []}, httpx2.Timeout(1)).read_available(1)


@pytest.mark.parametrize(("kind", "body"), [("gevent", "GeventBody"), ("plain", "ThreadedBody")])
def test_each_process_has_the_body_that_suits_it(asked: Asked, kind: str, body: str) -> None:
    with sending(STREAM) as upstream:
        assert asked(kind, upstream.url) == f"{body} 1"


@pytest.mark.parametrize("kind", ["gevent", "plain"])
def test_a_proxy_of_the_environment_is_used_but_not_for_its_exceptions(asked: Asked, kind: str) -> None:
    with sending(STREAM) as proxy:
        proxy_url = f"http://127.0.0.1:{proxy.port}"
        assert asked(kind, "http://model.example/v1", http_proxy=proxy_url) == "ThreadedBody 1"
        assert proxy.requests[0].startswith(b"POST http://model.example/v1/chat/completions ")

        with sending(STREAM) as upstream:
            direct = asked(kind, upstream.url, http_proxy=proxy_url, no_proxy="127.0.0.1")
        assert direct.endswith(" 1")
        assert len(proxy.requests) == 1


@pytest.mark.parametrize(
    "kind",
    ["gevent", "plain", pytest.param("gevent on macOS", marks=pytest.mark.thorough)],
)
@pytest.mark.parametrize(
    ("host", "variable", "result"),
    [
        ("localhost", "SSL_CERT_FILE", "1"),
        ("localhost", "SSL_CERT_DIR", "1"),
        ("localhost", None, "ConnectError"),
        ("127.0.0.1", "SSL_CERT_FILE", "ConnectError"),
    ],
    ids=["right", "right, in a directory", "untrusted", "another host's"],
)
def test_a_certificate_is_verified(
    asked: Asked, kind: str, host: str, variable: str | None, result: str, tmp_path: Path
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    # What OpenSSL calls the certificate's subject in a directory (c_rehash).
    (tmp_path / "ce275665.0").symlink_to(CERTIFICATE)
    trusted = {"SSL_CERT_FILE": str(CERTIFICATE), "SSL_CERT_DIR": str(tmp_path)}
    environ = {variable: trusted[variable]} if variable else {}
    with sending(STREAM, context) as upstream:
        got = asked(kind, f"https://{host}:{upstream.port}/v1", **environ)

    assert got.split()[-1] == result


def test_neither_a_proxy_nor_an_exception_from_it_limits_how_many_answers_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[httpx2.Limits] = []
    transport = httpx2.HTTPTransport

    def noting(*, limits: httpx2.Limits | None = None, **given: Any) -> Any:
        made.append(limits or httpx2.Limits(max_connections=100))
        return transport(limits=made[-1], **given)

    monkeypatch.setattr(httpx2, "HTTPTransport", noting)
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    for uses_proxies, is_patched in [(False, False), (True, True)]:
        monkeypatch.setattr(client, "on_gevent", lambda answer=is_patched: answer)
        with http_client(uses_proxies=uses_proxies) or pytest.fail("the SDK's own"):
            pass
    assert [limits.max_connections for limits in made] == [None, None]
