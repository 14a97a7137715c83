"""JSON schemas: whether one is sound, and a seeded value that satisfies it. Pure."""

from mockllm.text.schema.build import UnsatisfiableError, generate
from mockllm.text.schema.checks import beyond_limits, complaint

__all__ = ["UnsatisfiableError", "beyond_limits", "complaint", "generate"]
