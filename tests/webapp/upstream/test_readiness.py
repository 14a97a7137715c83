"""What /readyz finds missing, against sockets that listen, do not, or are left alone."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from webapp.configuration.settings import Settings
from webapp.upstream import readiness
from webapp.upstream.environment import NO_KEY
from webapp.upstream.model import ChatModel
from webapp.upstream.readiness import Readiness


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process whose environment names a key and no proxy."""
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


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


def test_a_proxy_that_no_proxy_excepts_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as api:
        url = f"http://127.0.0.1:{api.getsockname()[1]}/v1"
        assert readiness_of(url, monkeypatch).problems() == []
