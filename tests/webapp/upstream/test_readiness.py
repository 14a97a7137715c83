"""What /readyz finds missing, against sockets that listen, do not, or are left alone."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtests.rig.scripted import ScriptedUpstream, answer, plays
from tests.conftest import MS
from webapp.configuration.settings import Settings
from webapp.upstream import readiness
from webapp.upstream.environment import NO_KEY
from webapp.upstream.model import ChatModel
from webapp.upstream.readiness import Readiness

CERTIFICATE = Path(__file__).parents[1] / "tls" / "localhost.pem"


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process whose environment names a key and no proxy."""
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most of what listens here gives no answer."""
    monkeypatch.setattr(readiness, "KNOCK_TIMEOUT_SECONDS", 50 * MS)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch, quick: None) -> None:
    """A busy machine may take its time for an answer."""
    monkeypatch.setattr(readiness, "KNOCK_TIMEOUT_SECONDS", 10.0)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        yield listening


def readiness_of(url: str, monkeypatch: pytest.MonkeyPatch) -> Readiness:
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    return Readiness(ChatModel(Settings(model="m")))


def url_of(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


def test_where_something_listens_nothing_is_missing(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert readiness_of(url_of(listener), monkeypatch).problems() == []


def test_where_nothing_listens_the_address_is_said(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    (problem,) = readiness_of(f"http://127.0.0.1:{port}/v1", monkeypatch).problems()
    assert f"127.0.0.1:{port}" in problem
    assert "OPENAI_BASE_URL" in problem


def test_without_a_key_the_upstream_is_not_asked(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    assert readiness_of(url_of(listener), monkeypatch).problems() == [NO_KEY]
    with pytest.raises(TimeoutError):
        listener.accept()


def test_what_was_found_is_remembered_for_a_while(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = readiness_of(f"http://127.0.0.1:{port}/v1", monkeypatch)
    assert ready.problems()
    with socket.create_server(("127.0.0.1", port)):
        assert ready.problems()
        monkeypatch.setattr(readiness, "REMEMBERED_SECONDS", 0.0)
        assert ready.problems() == []


@pytest.mark.parametrize("variable", ["http_proxy", "all_proxy"])
def test_behind_a_proxy_it_is_the_proxy_that_must_answer(
    variable: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        assert readiness_of(f"http://127.0.0.1:{port}/v1", monkeypatch).problems() == []
    (problem,) = readiness_of(f"http://127.0.0.1:{port}/v1", monkeypatch).problems()
    assert "the proxy" in problem


@pytest.mark.parametrize(
    "excepted", ["127.0.0.1", "*", "10.1.1.1, 127.0.0.0/8", "http://127.0.0.1", "[::1,127.0.0.1"]
)
def test_a_proxy_that_no_proxy_excepts_is_not_asked_for(
    excepted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", excepted)
    with socket.create_server(("127.0.0.1", 0)) as api:
        url = f"http://127.0.0.1:{api.getsockname()[1]}/v1"
        assert readiness_of(url, monkeypatch).problems() == []


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize(
    ("status", "named"),
    [
        (b"200 OK", None),
        (b"401 Unauthorized", "OPENAI_API_KEY"),
        (b"403 Forbidden", None),
        (b"404 Not Found", None),
        (b"500 Oh", None),
    ],
)
def test_a_key_that_is_refused_is_said(
    status: bytes, named: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedUpstream(plays(answer(b"{}", status))) as api:
        problems = readiness_of(api.url, monkeypatch).problems()
    assert api.requests[0].startswith(b"GET /v1/models HTTP/1.1\r\n")
    assert bool(problems) == bool(named)
    assert named is None or named in problems[0]


@pytest.mark.usefixtures("patient")
def test_a_key_that_was_let_in_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "KNOCK_AGAIN_SECONDS", 0.0)
    with ScriptedUpstream(plays(answer(b"{}", b"401 Unauthorized"))) as api:
        ready = readiness_of(api.url, monkeypatch)
        assert ready.problems()
        api.script = plays(answer(b"{}"))
        assert [ready.problems() for _ in range(3)] == [[], [], []]
        assert len(api.requests) == 2


@pytest.mark.usefixtures("patient")
def test_a_refused_key_is_not_tried_with_each_check(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedUpstream(plays(answer(b"{}", b"401 Unauthorized"))) as api:
        ready = readiness_of(api.url, monkeypatch)
        assert [bool(ready.problems()) for _ in range(3)] == [True, True, True]
        assert len(api.requests) == 1


@pytest.mark.usefixtures("patient")
def test_a_certificate_that_nobody_vouches_for_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with ScriptedUpstream(plays(answer(b"{}")), context) as api:
        (problem,) = readiness_of(api.url.replace("http://", "https://"), monkeypatch).problems()
    assert "cannot be trusted" in problem
    assert "SSL_CERT_FILE" in problem


def test_what_is_silent_may_be_slow(listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    assert readiness_of(url_of(listener), monkeypatch).problems() == []


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize(
    ("said", "named"),
    [
        (answer(b"{}", b"401 Unauthorized"), "AZURE_OPENAI_API_KEY"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "AZURE_OPENAI_ENDPOINT"),
    ],
)
def test_who_set_azures_variables_is_told_of_these(
    said: bytes, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "key")
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with ScriptedUpstream(plays(said)) as api:
        monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", f"http://127.0.0.1:{api.port}")
        (problem,) = Readiness(ChatModel(Settings(model="m"))).problems()
    assert named in problem
    assert "OPENAI_BASE_URL" not in problem
