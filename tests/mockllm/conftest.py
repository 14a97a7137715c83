"""What the tests of the mock share: one real server, and clients of it."""

import http.client
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import openai
import pytest

from mockllm import MockLLMServer


@pytest.fixture(scope="session")
def server() -> Iterator[MockLLMServer]:
    with MockLLMServer(profile="instant") as running:
        yield running


@pytest.fixture
def client(server: MockLLMServer) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=server.base_url, api_key="any", max_retries=0) as opened:
        yield opened


class Reply(NamedTuple):
    """An HTTP answer, read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> dict[str, Any]:
        return dict(json.loads(self.body)["error"])


class Caller:
    """Sends raw bodies, so that a test decides on every byte of a request."""

    def __init__(self, server: MockLLMServer) -> None:
        self._address = server.url.removeprefix("http://")

    def call(self, method: str, path: str, body: bytes = b"") -> Reply:
        connection = http.client.HTTPConnection(self._address, timeout=10)
        try:
            connection.request(method, path, body or None, {"Content-Type": "application/json"})
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, headers, response.read())
        finally:
            connection.close()

    def chat(self, **fields: Any) -> Reply:
        return self.call("POST", "/v1/chat/completions", chat_body(**fields))


@pytest.fixture
def caller(server: MockLLMServer) -> Caller:
    return Caller(server)


def chat_body(**fields: Any) -> bytes:
    defaults = {"model": "mock", "messages": [{"role": "user", "content": "Tell me about rivers"}]}
    return json.dumps({**defaults, **fields}).encode()
