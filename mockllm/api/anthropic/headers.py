"""The headers that Anthropic sends with an answer. Pure."""

from collections.abc import Iterable

_REQUESTS_LIMIT = 4_000
_TOKENS_LIMIT = 400_000
_KEPT = ("Content-Type", "Cache-Control")
# A limit that is never reached is full again at once; a clock would make each answer differ.
_RESET = "2026-01-01T00:00:00Z"

Headers = tuple[tuple[str, str], ...]


def anthropic_headers(headers: Iterable[tuple[str, str]], prompt_tokens: int) -> Headers:
    """Replace OpenAI's headers by Anthropic's; the limits are far away and never reached."""
    left = max(_TOKENS_LIMIT - prompt_tokens, 0)
    return (
        *((name, value) for name, value in headers if name in _KEPT),
        ("Anthropic-Organization-ID", "mockllm"),
        *_limit("Requests", _REQUESTS_LIMIT, _REQUESTS_LIMIT - 1),
        *_limit("Input-Tokens", _TOKENS_LIMIT, left),
        *_limit("Output-Tokens", _TOKENS_LIMIT, _TOKENS_LIMIT),
    )


def _limit(kind: str, limit: int, left: int) -> Headers:
    return (
        (f"Anthropic-RateLimit-{kind}-Limit", str(limit)),
        (f"Anthropic-RateLimit-{kind}-Remaining", str(left)),
        (f"Anthropic-RateLimit-{kind}-Reset", _RESET),
    )
