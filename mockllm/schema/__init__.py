"""JSON schemas: whether one is sound, and a seeded value that satisfies it. Pure."""

from mockllm.schema.build import UnsatisfiableError, generate
from mockllm.schema.form import complaint
from mockllm.schema.limits import beyond_limits
from mockllm.schema.patterns import is_treacherous

__all__ = ["UnsatisfiableError", "beyond_limits", "complaint", "generate", "is_treacherous"]
