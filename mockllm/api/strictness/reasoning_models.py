"""What models that think refuse of a request's parameters. Pure.

As in https://platform.openai.com/docs/guides/reasoning and in what the API answers.
"""

import re
from collections.abc import Mapping
from typing import Any

from mockllm.values import ApiError

_REASONS = re.compile(r"(o[1-9]|gpt-5)(?!.*chat)")
_FIXED = {"temperature": 1, "top_p": 1, "presence_penalty": 0, "frequency_penalty": 0}
_MISSING = ("logprobs", "top_logprobs", "logit_bias", "stop")


def refused_by_reasoning(given: Mapping[str, Any]) -> None:
    """Refuse what a reasoning model does not take of a chat completion. Raises ApiError."""
    if not _REASONS.match(str(given.get("model"))):
        return
    if given.get("max_tokens") is not None:
        raise _unsupported("max_tokens", " Use 'max_completion_tokens' instead.")
    for name, only in _FIXED.items():
        value = given.get(name)
        if value is not None and value != only:
            message = (
                f"Unsupported value: '{name}' does not support {value} with this model. "
                f"Only the default ({only}) value is supported."
            )
            raise ApiError(400, message, param=name, code="unsupported_value")
    for name in _MISSING:
        if given.get(name):
            raise _unsupported(name)


def refused_in_responses(given: Mapping[str, Any]) -> None:
    """Refuse what a reasoning model does not take of a response. Raises ApiError."""
    if not _REASONS.match(str(given.get("model"))):
        return
    for name, only in _FIXED.items():
        if given.get(name) not in (None, only):
            raise _unsupported(name)
    if given.get("top_logprobs"):
        raise _unsupported("top_logprobs")


def _unsupported(name: str, cure: str = "") -> ApiError:
    message = f"Unsupported parameter: '{name}' is not supported with this model.{cure}"
    return ApiError(400, message, param=name, code="unsupported_parameter")
