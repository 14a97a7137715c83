"""The app under a real server that frames nothing: a reader cannot tell there that a body broke off."""

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from loadtests.rig.ports import free_port
from mockllm import MockLLMServer
from tests.hosts.started import Started, web_process

LOOPBACK = "127.0.0.1"
CUT = "mock-ttft0-itl0-tokens40-reset@10"
JSON, NDJSON, SSE, TEXT = "application/json", "application/x-ndjson", "text/event-stream", "text/plain"


@pytest.fixture(scope="module")
def unframed(tmp_path_factory: pytest.TempPathFactory, mock: MockLLMServer) -> Iterator[Started]:
    port = free_port()
    environ = {"OPENAI_API_KEY": "mock-key", "OPENAI_BASE_URL": mock.base_url, "CHAT_MODELS": "mock*"}
    line = f"python -m tests.hosts.unframed_server {port}"
    with web_process(tmp_path_factory.mktemp("out"), environ, (LOOPBACK, port), line=line) as started:
        yield started


def ask(server: Started, accept: str, model: str) -> tuple[int, dict[str, str], bytes]:
    with closing(server.connection()) as connection:
        body = json.dumps({"prompt": "Hi", "model": model})
        connection.request("POST", "/chat", body, {"Content-Type": JSON, "Accept": accept})
        response = connection.getresponse()
        return response.status, dict(response.headers), response.read()


@pytest.mark.parametrize("accept", [SSE, NDJSON])
def test_an_answer_that_breaks_off_says_so(unframed: Started, accept: str) -> None:
    status, headers, body = ask(unframed, accept, CUT)
    assert status == 200
    # Else the test would prove nothing.
    assert not {"Transfer-Encoding", "Content-Length"} & headers.keys()
    last = [line.removeprefix("data: ") for line in body.decode().splitlines() if "{" in line][-1]
    assert (json.loads(last)["type"], json.loads(last)["code"]) == ("error", "upstream_broken_off")


def test_plain_text_is_refused_with_the_reason(unframed: Started) -> None:
    status, headers, body = ask(unframed, TEXT, CUT)
    assert (status, headers["Content-Type"]) == (406, JSON)
    said = json.loads(body)["error"]
    assert (said["code"], said["param"]) == ("not_acceptable", "Accept")
    assert "no way to show that a plain text broke off" in said["message"]


def test_who_takes_more_than_plain_text_gets_that(unframed: Started) -> None:
    status, headers, body = ask(unframed, f"{TEXT}, {SSE};q=0.5", "mock-ttft0-itl0-tokens5")
    assert (status, headers["Content-Type"].partition(";")[0]) == (200, SSE)
    assert b'"type":"done"' in body
