"""What a server's refusal says of its room → how long question and answer may be. Pure.

The words are read for their figures, and go no further. From OpenAI, vLLM, SGLang, TGI, OpenRouter, Groq,
Anthropic, DeepSeek, DashScope, Gemini, xAI, Mistral, Cohere, llama.cpp.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LIMIT_OF_A_FIELD = (
    # Not that of the sum of question and answer.
    r"(?<!\+ )(?<!\+ .)max_(?:completion_|new_|output_)?tokens\b[^0-9]{0,120}?"
    r"(?:less than or equal to|at most|<=|no more than|not exceed|maximum (?:value )?(?:is|of)"
    r"|in (?:the )?range\W+\d+\D+)\W*(\d+)"
)
_MOST = (
    r"at most (\d+) (?:completion|output) tokens",
    _LIMIT_OF_A_FIELD,
    r"range (?:of|for)\W+max_(?:completion_|new_|output_)?tokens\W+(?:is|should be)\W+\d+,\s*(\d+)",
    r"requested exceeds the model limit of (\d+)",
    r"> (\d+), which is the maximum allowed number of output tokens",
)
_MOST_BUT_ONE = r"max_?output_?tokens.{0,200}?\bto (\d+) \(exclusive\)"
_FIGURES = (
    r"context length (?:is|of) (?P<limit>\d+) tokens.{0,200}?\((?:about )?(?P<prompt>\d+) (?:in the|of text)",
    r"context length is (?P<limit>\d+) tokens and your request has (?P<prompt>\d+) input tokens",
    r"context length of (?P<limit>\d+) tokens.{0,200}?(?P<prompt>\d+) tokens from the input",
    r"context length is (?P<limit>\d+) tokens.{0,80}messages resulted in (?P<prompt>\d+)",
    r"must be <= (?P<limit>\d+)\. Given: (?P<prompt>\d+) \W?inputs",
    r"exceed context limit: (?P<prompt>\d+) \+ \d+ > (?P<limit>\d+)",
    r"maximum prompt length is (?P<limit>\d+) but the request contains (?P<prompt>\d+)",
    r"prompt contains (?P<prompt>\d+) tokens.{0,80}model with (?P<limit>\d+)",
    r"(?P<prompt>\d+) tokens\) (?:exceeds|is longer than) .{0,60}\((?P<limit>\d+) tokens",
    r"token count \((?P<prompt>\d+)\) exceeds the maximum number of tokens allowed \((?P<limit>\d+)",
    r"cannot exceed (?P<limit>\d+) - received (?P<prompt>\d+)",
    r"prompt is too long: (?P<prompt>\d+) tokens > (?P<limit>\d+)",
    r"tokens \((?P<prompt>\d+)\) exceed context window of (?P<limit>\d+)",
    r"tokens per min.{0,40}Limit:? (?P<limit>\d+), Requested:? (?P<prompt>\d+)",
)


def _compiled(pattern: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    # A row of digits that is longer than any figure would be tried from each of them on, to its end.
    return re.compile(pattern.replace(r"\d+", r"\d{1,9}"), flags)


_MOST_PATTERNS = [*map(_compiled, _MOST)]
_MOST_BUT_ONE_PATTERN = _compiled(_MOST_BUT_ONE, re.IGNORECASE | re.DOTALL)
_FIGURE_PATTERNS = [_compiled(pattern, re.IGNORECASE | re.DOTALL) for pattern in _FIGURES]


@dataclass(frozen=True)
class Room:
    """How many tokens the model reads and writes in all, and how many the question alone has."""

    limit: int
    prompt: int


def most_tokens(words: str) -> int | None:
    """Return the longest answer that the model gives to any question, None if nothing is said of it."""
    for pattern in _MOST_PATTERNS:
        if found := pattern.search(words):
            return int(found[1])
    found = _MOST_BUT_ONE_PATTERN.search(words)
    return int(found[1]) - 1 if found else None


def room(words: str) -> Room | None:
    """Return what is said of the context and the question, None if the figures are not."""
    for pattern in _FIGURE_PATTERNS:
        if found := pattern.search(words):
            return Room(int(found["limit"]), int(found["prompt"]))
    return None
