"""A deterministic mock of the OpenAI API: the request decides the answer, its timing and its faults."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockllm.serving import Settings, create_app
    from mockllm.testing import MockLLMServer

__all__ = ["MockLLMServer", "Settings", "create_app"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # Loaded when asked for: a test that only starts a server needs neither Flask nor the settings.
    if name == "create_app":
        from mockllm.serving import create_app  # noqa: PLC0415

        return create_app
    if name == "Settings":
        from mockllm.serving import Settings  # noqa: PLC0415

        return Settings
    if name == "MockLLMServer":
        from mockllm.testing import MockLLMServer  # noqa: PLC0415

        return MockLLMServer
    raise AttributeError(f"module 'mockllm' has no attribute {name!r}")
