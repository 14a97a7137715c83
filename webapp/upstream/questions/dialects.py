"""Which fields a server takes: what is known of it from the start, and what it has refused. Pure.

A refusal that names a field is answered by one more try without it, or with its other name; what then
succeeds is remembered for the model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

MOST_REMEMBERED = 1000
"""Models. Callers may be allowed to make names up."""
LIMIT_NAMES = ("max_tokens", "max_completion_tokens")


@dataclass(frozen=True)
class Dialect:
    """How a request is put to one server."""

    limit_name: str | None = "max_tokens"
    """OpenAI's reasoning models refuse `max_tokens`; other vendors' servers may not know its successor."""
    without: frozenset[str] = frozenset()
    """The fields that are left out."""
    continues: bool = False
    """Whether the last message of role `assistant` is to be continued by the fields that vLLM made up for it:
    without them, it and llama.cpp's server answer it, or repeat it."""
    most_tokens: int | None = None
    """The longest answer that may be asked for; None if no server has named a limit."""
    prefix: bool = False
    """As `continues`, by Mistral's and DeepSeek's field of the message."""
    has_system: bool = True
    """Whether there is a role `system`; if not, what it says begins the first question."""


NEWER = Dialect("max_completion_tokens")
DIALECTS = {
    "azure": NEWER,
    "gemini": Dialect(),
    "llama.cpp": Dialect(continues=True),
    "mistral": Dialect(without=frozenset({"stream_options"}), prefix=True),
    "ollama": Dialect(),
    "openai": NEWER,
    "transformers": Dialect(),
    "vllm": Dialect(continues=True),
}
"""By the value of CHAT_UPSTREAM_DIALECT."""

NEWER_HOSTS = (
    "openai.com",
    "openai.azure.com",
    "services.ai.azure.com",
    "cognitiveservices.azure.com",
)


class Dialects:
    """The dialect of each model, as far as it is known."""

    def __init__(self, name: str, host: str) -> None:
        is_newer = any(host == known or host.endswith("." + known) for known in NEWER_HOSTS)
        self._first = DIALECTS.get(name) or (NEWER if is_newer else Dialect())
        self._learnt: dict[str, Dialect] = {}

    def of(self, model: str) -> Dialect:
        """Return how to ask this model."""
        return self._learnt.get(model, self._first)

    def learn(self, model: str, dialect: Dialect) -> None:
        """Remember what the model has answered to."""
        if dialect != self._first:
            if len(self._learnt) >= MOST_REMEMBERED:
                self._learnt.clear()
            self._learnt[model] = dialect


def after_refusal(dialect: Dialect, sent: set[str], words: str) -> Dialect | None:
    """Return how to ask again after a refusal in these words; None if they name nothing to leave out."""
    named = [name for name in sorted(sent, key=len, reverse=True) if _names(words, name)]
    for name in named:
        if name == dialect.limit_name:
            # A hint at the other name decides; who names neither is asked with the other one first.
            other = LIMIT_NAMES[1 - LIMIT_NAMES.index(name)]
            tried = other in dialect.without
            return replace(dialect, limit_name=None if tried else other, without=dialect.without | {name})
        if name == "prefix":
            return replace(dialect, prefix=False)
        if name in ("continue_final_message", "add_generation_prompt"):
            return replace(dialect, continues=False)
        if name == "include_usage":
            return replace(dialect, without=dialect.without | {"stream_options"})
        if name not in dialect.without:
            return replace(dialect, without=dialect.without | {name})
    return None


def _names(words: str, field: str) -> bool:
    """Whether a field stands among the words, be it as servers in other languages write it."""
    pattern = field.replace("_", "[ _-]?")
    return re.search(rf"(?<![A-Za-z0-9_]){pattern}(?![A-Za-z0-9_])", words, re.IGNORECASE) is not None
