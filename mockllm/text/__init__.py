"""What the mock writes: prose, JSON by a schema, tokens, their likelihood, vectors. Pure."""

from mockllm.text.essay import FOUNDING_ESSAY
from mockllm.text.logprobs import Logprob, TokenLogprobs, logprobs_of
from mockllm.text.prompt import Brief, read_brief
from mockllm.text.schema import UnsatisfiableError, beyond_limits, complaint, generate, is_treacherous
from mockllm.text.tokens import count_tokens, tokenize
from mockllm.text.vectors import vector
from mockllm.text.writing import write

__all__ = [
    "FOUNDING_ESSAY",
    "Brief",
    "Logprob",
    "TokenLogprobs",
    "UnsatisfiableError",
    "beyond_limits",
    "complaint",
    "count_tokens",
    "generate",
    "is_treacherous",
    "logprobs_of",
    "read_brief",
    "tokenize",
    "vector",
    "write",
]
