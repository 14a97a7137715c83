"""What a server says as it refuses a question → what that is about.

The words are read, and go no further.
"""

from __future__ import annotations

import re

import openai

from webapp.upstream.decoding import UpstreamReportedError
from webapp.upstream.failures import gist

_LOCATION = re.compile(r"['\"]loc['\"]: [\[(]([^\])]*)[\])]")
"""Where pydantic says which field it is about; beside it may stand the whole question."""
_SYSTEM = re.compile(
    r"\bsystem\b.{0,40}\brole|\broles?\b.{0,40}\bsystem\b|developer instruction|only user and assistant roles"
    r"|roles must alternate",
    re.IGNORECASE | re.DOTALL,
)
"""What chat templates without a place for the system's message say: Gemma's, Mistral's; and OpenAI's o1."""
_UNKNOWN_ARGUMENT = "unexpected keyword argument"
"""What servers written in Python say with a 500 of a field that they do not know."""
_BAD_REQUESTS = (400, 422)


def words_of(refusal: Exception) -> str:
    """Return what a refusal says, as far as anybody looks at it."""
    if isinstance(refusal, openai.APIStatusError):
        return gist(str(refusal.body))
    return gist(refusal.message) if isinstance(refusal, UpstreamReportedError) else ""


def most_telling(refusal: Exception) -> tuple[str, ...]:
    """Return what may name a field: what is there for it first, and all the words last."""
    words = words_of(refusal)
    param = refusal.param if isinstance(refusal, openai.APIStatusError) else None
    return (str(param or ""), " ".join(_LOCATION.findall(words)), words)


def is_about_fields(refusal: Exception, code: str) -> bool:
    """Whether another question might be taken. `code` is what the refusal means, in our words."""
    if isinstance(refusal, openai.APIStatusError):
        return refusal.status_code in _BAD_REQUESTS or _UNKNOWN_ARGUMENT in words_of(refusal)
    return code == "upstream_refused"


def is_about_system(words: str) -> bool:
    """Whether the model takes no message of role `system`."""
    return _SYSTEM.search(words) is not None
