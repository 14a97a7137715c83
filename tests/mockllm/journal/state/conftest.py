"""A server whose workers share what they keep."""

from collections.abc import Iterator

import openai
import pytest

from mockllm import MockLLMServer


@pytest.fixture(scope="module")
def shared() -> Iterator[MockLLMServer]:
    with MockLLMServer(profile="instant", workers=2) as running:
        yield running


@pytest.fixture
def client(shared: MockLLMServer) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=shared.base_url, api_key="any", max_retries=0) as opened:
        yield opened
