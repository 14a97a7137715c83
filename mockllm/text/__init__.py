"""What the mock writes: prose, its tokens, their likelihood, vectors. Pure."""

from mockllm.text.essay import FOUNDING_ESSAY
from mockllm.text.logprobs import Logprob, TokenLogprobs, logprobs_of
from mockllm.text.prompt import Brief, read_brief
from mockllm.text.tokens import count_tokens, tokenize
from mockllm.text.vectors import vector
from mockllm.text.writing import write

__all__ = [
    "FOUNDING_ESSAY",
    "Brief",
    "Logprob",
    "TokenLogprobs",
    "count_tokens",
    "logprobs_of",
    "read_brief",
    "tokenize",
    "vector",
    "write",
]
