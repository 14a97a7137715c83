"""What servers say of the tokens that an answer took → one Usage, once it is more than a part."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from webapp.chat import Usage

MOST_TOKENS = 10**9
"""More cannot be the count of one answer."""

_PROMPT = ("prompt_tokens", "input_tokens", "promptTokens", "inputTokens")
_COMPLETION = ("completion_tokens", "output_tokens", "completionTokens", "outputTokens")
_TOTAL = ("total_tokens", "totalTokens")
_DETAILS = ("completion_tokens_details", "output_tokens_details")


class UsageReader:
    """Keeps the best of all that one answer says of its usage.

    Servers report the prompt alone at the start, zeros and nulls in between, and all of it in the last chunk,
    before or after it. The last count of each kind stands; a zero or a null is none.
    """

    def __init__(self) -> None:
        self._prompt = 0
        self._completion = 0
        self._total = 0
        self._reasoning = 0

    def read(self, value: Any) -> Usage | None:
        """Take a usage in; returns what is known so far, None as long as nobody has counted the answer."""
        if not isinstance(value, dict):
            return None
        prompt, total = _first(value, _PROMPT), _first(value, _TOTAL)
        completion = _first(value, _COMPLETION)
        if not completion and not self._completion and prompt:
            completion = max(0, total - prompt)
        self._prompt = prompt or self._prompt
        self._completion = completion or self._completion
        self._total = total or self._total
        details = next((value[name] for name in _DETAILS if isinstance(value.get(name), dict)), value)
        self._reasoning = _count(details.get("reasoning_tokens")) or self._reasoning
        return self._known() if completion else None

    def _known(self) -> Usage:
        # Some leave the thinking out of the completion, and count it in the total.
        total = max(self._total, self._prompt + self._completion)
        return Usage(self._prompt, self._completion, total, self._reasoning or msgspec.UNSET)


def _first(value: dict[str, Any], names: tuple[str, ...]) -> int:
    return next((count for name in names if (count := _count(value.get(name)))), 0)


def _count(value: object) -> int:
    """Return a number of tokens, however it is written; 0 for what is none."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return 0
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0
    return int(value) if 0 < value <= MOST_TOKENS else 0
