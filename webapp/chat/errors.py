"""Everything that can go wrong with a chat, and what the caller is told of it.

ChatError
├── RefusedError    the caller's fault: said before the first byte, with a 4xx
├── LimitedError    not now: said before the first byte, with 429 or 503 and Retry-After
├── NotReadyError   ours: the app lacks something it needs
├── InternalError   ours: a fault in this code
└── UpstreamError   the model's API: before the first byte a 5xx, after it an `error` object

A message is a sentence that its reader can act on. It never holds an exception's text, nor the upstream's.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What an error code means: its HTTP status before the first byte, whether to retry, its sentence."""

    status: int
    retryable: bool
    message: str


_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")

UPSTREAM_OUTCOMES = {
    "upstream_unreachable": Outcome(
        502,
        True,
        "The model's API cannot be reached. If this is your app: check OPENAI_BASE_URL and the network.",
    ),
    "upstream_connect_timeout": Outcome(504, True, "The model's API did not accept a connection in time."),
    "upstream_first_token_timeout": Outcome(504, True, "The model sent nothing for {seconds:g} seconds."),
    "upstream_timeout": Outcome(504, True, "The model sent nothing for {seconds:g} seconds."),
    "upstream_total_timeout": Outcome(504, False, "The answer took more than {seconds:g} seconds."),
    "upstream_key_refused": Outcome(
        502, False, "The model's API refused this app's key. If this is your app: check OPENAI_API_KEY."
    ),
    "upstream_model_unknown": Outcome(
        502, False, "The model's API does not know this model. If this is your app: check CHAT_MODEL."
    ),
    "upstream_not_found": Outcome(
        502,
        False,
        "The model's API knows no such address, or no such model. If this is your app: check "
        "OPENAI_BASE_URL, which usually ends in /v1, and CHAT_MODEL.",
    ),
    "upstream_not_an_api": Outcome(
        502,
        False,
        "What answers in the place of the model's API is none. If this is your app: check OPENAI_BASE_URL, "
        "which usually ends in /v1.",
    ),
    "upstream_rate_limited": Outcome(
        503, True, "The model's API is getting too many requests. Wait, then retry."
    ),
    "upstream_quota_exceeded": Outcome(
        503, False, "This app's quota at the model's API is used up. If this is your app: check its billing."
    ),
    "upstream_overloaded": Outcome(503, True, "The model's API is overloaded. Wait a little, then retry."),
    "upstream_failed": Outcome(502, True, "The model's API failed. A retry may work."),
    "upstream_refused": Outcome(502, False, "The model's API did not accept the request."),
    "upstream_broken_off": Outcome(502, True, "The model's API broke off in the middle of the answer."),
    "upstream_compressed": Outcome(
        502,
        False,
        "The model's API compresses its answers, which was not asked for, in a way that this app cannot read."
        " If this is your app: turn that off.",
    ),
    "upstream_malformed": Outcome(502, True, "The model's API sent something that is not an answer."),
    "context_length_exceeded": Outcome(
        400, False, "This is too long for the model, even without the earlier messages. Shorten it."
    ),
    "content_filtered": Outcome(400, False, "The model's API refused this content."),
}


LIMIT_OUTCOMES = {
    "over_capacity": Outcome(503, True, "All places for answers are taken. Retry in a few seconds."),
    "too_many_streams": Outcome(429, True, "At most {limit} answers at once. Wait until one of them ends."),
    "rate_limited": Outcome(429, True, "At most {limit} messages a minute. Retry in {seconds:.0f} s."),
    "token_rate_limited": Outcome(
        429,
        True,
        "At most {limit} tokens a minute, and one answer may use many. Retry in {seconds:.0f} s.",
    ),
    "token_budget_exhausted": Outcome(
        429, False, "This app has used up its tokens for today. It answers again after midnight UTC."
    ),
}


class ChatError(Exception):
    """An error with what its caller needs: `code`, HTTP `status`, a sentence, the field at fault."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int,
        retryable: bool = False,
        param: str | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.retryable = retryable
        self.param = param
        self.retry_after_seconds = retry_after_seconds


class RefusedError(ChatError):
    """The request is at fault. `param` is the path of the field, such as `messages[0].content`."""

    def __init__(self, code: str, message: str, *, param: str | None = None, status: int = 400) -> None:
        super().__init__(code, f"{param}: {message}" if param else message, status=status, param=param)


class LimitedError(ChatError):
    """Not now: the limit that `code` names is reached."""

    def __init__(self, code: str, *, limit: int, retry_after_seconds: float) -> None:
        outcome = LIMIT_OUTCOMES[code]
        super().__init__(
            code,
            outcome.message.format(limit=limit, seconds=math.ceil(retry_after_seconds)),
            status=outcome.status,
            retryable=outcome.retryable,
            retry_after_seconds=retry_after_seconds,
        )


class NotReadyError(ChatError):
    """The app cannot serve: `message` says what it lacks."""

    def __init__(self, code: str, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(
            code,
            message,
            status=503,
            retryable=retry_after_seconds is not None,
            retry_after_seconds=retry_after_seconds,
        )


class InternalError(ChatError):
    """Something that no code here foresaw. The log has it, under the request's identifier."""

    def __init__(self) -> None:
        super().__init__(
            "internal_error", "Something went wrong here. A retry may work.", status=500, retryable=True
        )


INTERRUPTIONS = {
    "deadline": "the host's limit is near",
    "shutdown": "the process must go",
}
"""Why an answer may be interrupted."""


class Interrupted(Exception):  # noqa: N818  # not an error: what was written stands and can be continued
    """The answer must end now. `reason` is one of INTERRUPTIONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UpstreamError(ChatError):
    """The model's API failed in the way that `code` names."""

    def __init__(self, code: str, *, seconds: float = 0, retry_after_seconds: float | None = None) -> None:
        outcome = UPSTREAM_OUTCOMES[code]
        super().__init__(
            code,
            outcome.message.format(seconds=seconds),
            status=outcome.status,
            retryable=outcome.retryable,
            retry_after_seconds=retry_after_seconds,
        )


def foreign_code(value: object) -> str | None:
    """Return what an API has sent in the place of a code if it is one, not prose, which no log may have."""
    text = str(value or "")
    return text if _CODE.fullmatch(text) else None
