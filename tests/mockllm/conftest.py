"""What the tests of the mock share: one real server, and clients of it."""

from collections.abc import Iterator

import openai
import pytest

from mockllm import MockLLMServer
from tests.conftest import CERTIFICATE
from tests.mockllm.calls import Caller


@pytest.fixture(autouse=True)
def one_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


@pytest.fixture(scope="session")
def server() -> Iterator[MockLLMServer]:
    with MockLLMServer(profile="instant") as running:
        yield running


@pytest.fixture
def client(server: MockLLMServer) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=server.base_url, api_key="any", max_retries=0) as opened:
        yield opened


@pytest.fixture
def caller(server: MockLLMServer) -> Caller:
    return Caller(server.url)
