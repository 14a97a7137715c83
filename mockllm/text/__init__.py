"""What the mock writes: prose, JSON by a schema, tokens, their likelihood, vectors. Pure."""

from mockllm.text.essay import FOUNDING_ESSAY
from mockllm.text.letters import folded, lowered
from mockllm.text.logprobs import Logprob, TokenLogprobs, logprobs_of
from mockllm.text.prompt import Brief, read_brief
from mockllm.text.regex import PatternError, check_pattern, found
from mockllm.text.schema import UnsatisfiableError, beyond_limits, complaint, generate
from mockllm.text.tokens import count_tokens, tokenize
from mockllm.text.vectors import vector
from mockllm.text.writing import write

__all__ = [
    "FOUNDING_ESSAY",
    "Brief",
    "Logprob",
    "PatternError",
    "TokenLogprobs",
    "UnsatisfiableError",
    "beyond_limits",
    "check_pattern",
    "complaint",
    "count_tokens",
    "folded",
    "found",
    "generate",
    "logprobs_of",
    "lowered",
    "read_brief",
    "tokenize",
    "vector",
    "write",
]
