"""Whether a schema is sound, and whether a value satisfies it. Pure."""

from mockllm.text.schema.checks.check import IntricateError, UnresolvableError, accepts, resolve
from mockllm.text.schema.checks.form import complaint, subschemas
from mockllm.text.schema.checks.limits import beyond_limits

__all__ = [
    "IntricateError",
    "UnresolvableError",
    "accepts",
    "beyond_limits",
    "complaint",
    "resolve",
    "subschemas",
]
