"""How servers say that an answer ends → the four words of OpenAI's API.

From the documentation of OpenAI, Mistral, DeepSeek, Gemini, Anthropic, Cohere, Bedrock, Zhipu, Baidu and TGI.
"""

from __future__ import annotations

import re

ENDS = {
    "stop": (
        "stop",
        "end_turn",
        "stop_sequence",
        "eos",
        "eos_token",
        "end",
        "complete",
        "completed",
        "finish",
        "normal",
    ),
    "length": (
        "error_limit",
        "length",
        "length_limit",
        "max_length",
        "max_new_tokens",
        "max_output_tokens",
        "max_tokens",
        "model_context_window_exceeded",
        "model_length",
        "token_limit",
    ),
    "content_filter": (
        "content_filter",
        "content_filtered",
        "error_toxic",
        "blocklist",
        "guardrail_intervened",
        "prohibited_content",
        "recitation",
        "refusal",
        "safety",
        "sensitive",
        "spii",
    ),
    "tool_calls": ("tool_calls", "tool_call", "tool_use", "function_call"),
}
"""Each end of a whole answer with its other names. Whatever else a server says is the end of none: `error`,
`abort`, `insufficient_system_resource`, and what nobody here has heard of."""

NOT_YET = {"", "null", "none", "not_finished", "unspecified"}
"""Words of servers that cannot leave the field out."""

_ENUMERATION = re.compile(r"^finish_?reason[._]")
"""What stands before the word where a server writes the name that it has in its own code."""
_NEXT_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BY_NAME = {alias: end for end, aliases in ENDS.items() for alias in aliases}


def finish_reason_of(word: object) -> str | None:
    """Return the end that the word stands for, the word itself if it is none, None if it says nothing.

    SGLang's own API says `{"type": "abort", ...}`; what is no word at all is no end either.
    """
    if isinstance(word, list) and len(word) == 1:
        word = word[0]
    if isinstance(word, dict):
        word = word.get("type")
    if not word:
        return None
    word = str(word)
    name = _ENUMERATION.sub("", _NEXT_WORD.sub("_", word.strip()).lower())
    return None if name in NOT_YET else _BY_NAME.get(name, word)
