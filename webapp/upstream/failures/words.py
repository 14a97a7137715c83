"""What servers put into words only → the code of the error. The words are read here, and go no further.

From vLLM, LiteLLM, llama.cpp, SGLang, TGI, OpenRouter, Anthropic, Gemini, DeepSeek, LM Studio, FastAPI,
MiniMax, Baidu, Portkey.
"""

from __future__ import annotations

import re

READ_AT_EITHER_END = 2_000
"""How much of a message is looked at, in characters: some quote the prompt, and looking takes 0.5 µs each."""

_CONTEXT = (
    r"context[ _-]?(length|window|size|limit)|(maximum|max)[ _](context|model|sequence|prompt|input)[ _]?len"
    r"|prompt is too long|too many (input |prompt )?tokens(?!, please wait)"
    r"|(input|prompt)\b.{0,40}\b(too long|too large)"
    r"|input token count|exceeds? the (model'?s )?max(imum)? (number of )?(input |context )?(tokens|length)"
    r"|reduce the length of the (messages|input|prompt)|exceeded model token limit"
    r"|request too large for|(input|output) tokens must be reduced"
    r"|range of input length should be|number of tokens in the prompt cannot exceed"
    r"|max input (characters|tokens)"
    r"|must have less than \d+ tokens|inputs\W+tokens \+\W+max_new_tokens\W+must be"
)
_QUOTA = (
    r"insufficient[ _](balance|quota|credits?|funds)|credit balance|exceeded your current quota"
    r"|out of credits?|more credits|billing|budget has been exceeded|payment required|used up your"
)
_MODEL = (
    r"\bmodel\b.{0,120}(not (found|exist|supported|available|loaded)|does ?n[o']t exist"
    r"|unknown|invalid|decommissioned|deprecated|retired|no longer (available|supported))"
    r"|(unknown|invalid|no such|unsupported) model|not a valid model|no endpoints found"
    r"|no models? (is |are )?loaded|deployment .{0,80}(does not exist|not found)"
)
_KEY = (
    r"(invalid|incorrect|missing|no|wrong) (api[ _-]?key|auth|credentials|token)"
    r"|(api[ _-]?key|token)( is)? (not valid|invalid|expired)"
    r"|authentication (error|fail)|unauthorized|login fail"
)
_CONTENT = (
    r"content (management )?polic|content[ _]filter|flagged (as|by|for)|safety (system|filter)"
    r"|inappropriate content|new_sensitive|guardrail"
)
_RATE = r"(rate|request)[ _-]?limit|too many requests|quota exceeded for"
_OVERLOAD = (
    r"overloaded|(at|over)[ _]capacity|service[ _]unavailable|server is busy|loading model|model is loading"
    r"|no available|capacity exceeded"
)
_ADDRESS = (
    r"unexpected endpoint|no (such )?route|cannot (post|get) |method not allowed|invalid url|page not found"
)
_WORDS = {
    "context_length_exceeded": _CONTEXT,
    "upstream_quota_exceeded": _QUOTA,
    "upstream_model_unknown": _MODEL,
    "upstream_key_refused": _KEY,
    "content_filtered": _CONTENT,
    "upstream_rate_limited": _RATE,
    "upstream_overloaded": _OVERLOAD,
    "upstream_not_an_api": _ADDRESS,
}
"""In this order: the first that is found counts."""
_PATTERNS = [(code, re.compile(words, re.DOTALL)) for code, words in _WORDS.items()]
"""Of small letters: to ignore case would take four times as long."""


def gist(message: str) -> str:
    """Return what is looked at of a message: all of it, or where it begins and ends."""
    if len(message) <= 2 * READ_AT_EITHER_END:
        return message
    return f"{message[:READ_AT_EITHER_END]}\n{message[-READ_AT_EITHER_END:]}"


def code_of_words(message: str) -> str | None:
    """Return the code that a server's sentence stands for, None if it is about something else."""
    read = gist(message).lower()
    return next((code for code, words in _PATTERNS if words.search(read)), None)
