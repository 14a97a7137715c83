"""The web process under exactly what Heroku's Python buildpack puts into its environment.

https://github.com/heroku/heroku-buildpack-python, bin/compile and vendor/python.gunicorn.sh of v351.
"""

import json
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from loadtests.rig.ports import free_port
from mockllm import MockLLMServer
from tests.hosts.sources import unpack
from tests.hosts.started import Started, web_process
from tests.hosts.test_start import LOOPBACK, own_addresses

SLOW = "mock-ttft0-itl50-tokens2000"
QUICK = "mock-ttft0-itl0-tokens20"


def buildpacks(root: Path, port: int) -> dict[str, str]:
    """What a dyno of the size Standard-1X has."""
    return {
        "DYNO": "web.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "GUNICORN_CMD_ARGS": "--access-logfile -",
        "FORWARDED_ALLOW_IPS": "*",
        "PYTHONPATH": str(root),
        "PYTHONUNBUFFERED": "true",
    }


@pytest.fixture(scope="module")
def dyno(tmp_path_factory: pytest.TempPathFactory, mock: MockLLMServer) -> Iterator[Started]:
    root = unpack(tmp_path_factory.mktemp("app"))
    port = free_port()
    environ = {
        **buildpacks(root, port),
        "OPENAI_API_KEY": "mock-key",
        "OPENAI_BASE_URL": mock.base_url,
        "CHAT_MODELS": "mock*",
        "CHAT_REQUESTS_PER_MINUTE": "1000",
    }
    folder = tmp_path_factory.mktemp("out")
    with web_process(folder, environ, (LOOPBACK, port), root=root) as started:
        yield started


def test_one_line_a_request_and_nothing_else(dyno: Started) -> None:
    before = len(dyno.lines())
    for number in range(5):
        ask(dyno, f"line-{number}", QUICK)
    lines = [json.loads(line) for line in dyno.lines()[before:]]
    assert sorted(line["request_id"] for line in lines) == [f"line-{number}" for number in range(5)]
    assert "203.0.113.9" not in dyno.printed()
    assert "secret-in-the-query" not in dyno.printed()
    assert "Somebody/1.0" not in dyno.printed()


def test_its_router_reaches_it(dyno: Started) -> None:
    assert [host for host in own_addresses() if not dyno.answers(host)] == []


@pytest.mark.thorough
def test_sigterm_to_every_process_ends_an_answer_with_a_word(tmp_path: Path, mock: MockLLMServer) -> None:
    root = unpack(tmp_path / "app")
    port = free_port()
    environ = {
        **buildpacks(root, port),
        "OPENAI_API_KEY": "mock-key",
        "OPENAI_BASE_URL": mock.base_url,
        "CHAT_MODELS": "mock*",
        "CHAT_SHUTDOWN_GRACE_SECONDS": "2",
    }
    with (
        web_process(tmp_path, environ, (LOOPBACK, port), root=root) as web,
        closing(web.connection()) as asking,
    ):
        body = json.dumps({"prompt": "Hi", "model": SLOW})
        asking.request("POST", "/chat", body, {"Content-Type": "application/json"})
        response = asking.getresponse()
        response.readline()
        web.signal_all(signal.SIGTERM)
        last = json.loads(response.read().split(b"data: ")[-1])
        assert (last["type"], last["reason"]) == ("done", "shutdown")
        assert web.process.wait(30) == 0
        assert [json.loads(line)["event"] for line in web.lines() if '"request"' in line] == ["request"]


def ask(dyno: Started, request_id: str, model: str) -> bytes:
    headers = {
        "Content-Type": "application/json",
        "X-Request-ID": request_id,
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "User-Agent": "Somebody/1.0",
    }
    with closing(dyno.connection()) as connection:
        body = json.dumps({"prompt": "Hi", "model": model})
        connection.request("POST", "/chat?q=secret-in-the-query", body, headers)
        return connection.getresponse().read()
