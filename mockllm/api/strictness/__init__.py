"""What the real APIs refuse and a mock need not: for those who want to be told. Pure."""

from mockllm.api.strictness.checking import check_strictly

__all__ = ["check_strictly"]
