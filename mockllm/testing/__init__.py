"""The mock in a test: the server as a process, and what a test says to it and asks it."""

from mockllm.testing.expectations import Request
from mockllm.testing.mock import MockLLM
from mockllm.testing.server import MockLLMServer

__all__ = ["MockLLM", "MockLLMServer", "Request"]
