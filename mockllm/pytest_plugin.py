"""The pytest fixture `mockllm`: one server a session (and worker of pytest-xdist), forgetful between tests.

pytest imports this file in every project that has the package installed, so it imports nothing itself.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockllm.testing import MockLLM


@pytest.fixture(scope="session")
def mockllm_settings() -> Mapping[str, Any]:
    """Settings of the server behind the fixture `mockllm`: override it in a conftest.py."""
    return {"profile": "instant"}


@pytest.fixture(scope="session")
def _mockllm_server(mockllm_settings: Mapping[str, Any]) -> Iterator["MockLLM"]:
    from mockllm.testing import MockLLM, MockLLMServer  # noqa: PLC0415 - only where a test asks for it

    with MockLLMServer(**mockllm_settings) as server:
        yield MockLLM(server.url)


@pytest.fixture
def mockllm(_mockllm_server: "MockLLM") -> "MockLLM":
    """A mock of the OpenAI API at `mockllm.base_url`, with no answers, faults and requests of other tests."""
    _mockllm_server.reset()
    return _mockllm_server
