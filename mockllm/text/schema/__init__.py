"""JSON schemas: whether one is sound, and a seeded value that satisfies it. Pure."""

from mockllm.text.schema.build import UnsatisfiableError, generate
from mockllm.text.schema.checks.form import complaint
from mockllm.text.schema.checks.limits import beyond_limits

__all__ = ["UnsatisfiableError", "beyond_limits", "complaint", "generate"]
