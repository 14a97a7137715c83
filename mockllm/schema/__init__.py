"""JSON schemas: whether one is sound, and a seeded value that satisfies it. Pure."""

from mockllm.schema.build import UnsatisfiableError, generate
from mockllm.schema.form import complaint

__all__ = ["UnsatisfiableError", "complaint", "generate"]
