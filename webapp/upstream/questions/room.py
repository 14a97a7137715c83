"""What a server's refusal says of its room → how long an answer may be. Pure.

The words are read for their figures, and go no further. From OpenAI, vLLM, SGLang, TGI, OpenRouter, Groq,
Anthropic, DeepSeek, DashScope, Gemini.
"""

from __future__ import annotations

import re

LONGEST_READ = 20_000
"""How much of a message is looked at, in characters: some quote the prompt."""

_MOST = (
    r"at most (\d+) (?:completion|output) tokens",
    r"max_(?:completion_|new_|output_)?tokens\W+must be (?:less than or equal to|at most)\W+(\d+)",
    r"range (?:of|for)\W+max_(?:completion_|new_|output_)?tokens\W+(?:is|should be)\W+\d+,\s*(\d+)",
    r"> (\d+), which is the maximum allowed number of output tokens",
)
_MOST_BUT_ONE = r"max_?output_?tokens.{0,200}?\bto (\d+) \(exclusive\)"
_FIGURES = (
    r"context length (?:is|of) (?P<limit>\d+) tokens.{0,200}?\((?:about )?(?P<prompt>\d+) (?:in the|of text)",
    r"context length is (?P<limit>\d+) tokens and your request has (?P<prompt>\d+) input tokens",
    r"context length of (?P<limit>\d+) tokens.{0,200}?(?P<prompt>\d+) tokens from the input",
    r"must be <= (?P<limit>\d+)\. Given: (?P<prompt>\d+) \W?inputs",
    r"exceed context limit: (?P<prompt>\d+) \+ \d+ > (?P<limit>\d+)",
)


def most_tokens(words: str) -> int | None:
    """Return the longest answer that the model gives to any question, None if nothing is said of it."""
    read = words[:LONGEST_READ]
    for pattern in _MOST:
        if found := re.search(pattern, read, re.IGNORECASE):
            return int(found[1])
    found = re.search(_MOST_BUT_ONE, read, re.IGNORECASE | re.DOTALL)
    return int(found[1]) - 1 if found else None


def tokens_left(words: str) -> int | None:
    """Return how many tokens of the context this question leaves, None if the figures are not said."""
    read = words[:LONGEST_READ]
    for pattern in _FIGURES:
        if found := re.search(pattern, read, re.IGNORECASE | re.DOTALL):
            return int(found["limit"]) - int(found["prompt"])
    return None
