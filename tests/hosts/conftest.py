"""The mock as a process, which every host's app asks."""

from collections.abc import Iterator

import pytest

from mockllm import MockLLMServer


@pytest.fixture(scope="session")
def mock() -> Iterator[MockLLMServer]:
    with MockLLMServer() as server:
        yield server
