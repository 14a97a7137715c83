"""What the JSON of all APIs shares: ids and times, usage, errors, headers. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from mockllm.values import ApiError, Completion, digest

JSON_TYPE = "application/json"
EVENT_STREAM_TYPE = "text/event-stream; charset=utf-8"
DONE = b"data: [DONE]\n\n"

encode = msgspec.json.Encoder().encode
_PADDED_TO = 8
_REQUESTS_LIMIT = 10_000
_TOKENS_LIMIT = 200_000


ERROR_HEADERS = {
    "Access-Control-Expose-Headers": "X-Request-ID",
    "OpenAI-Organization": "mockllm",
    "OpenAI-Processing-MS": "1",
    "OpenAI-Version": "2020-10-01",
}
"""What OpenAI sends with an error, too."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What marks one answer, derived from configuration and request: asked again, it is marked the same."""

    identity: bytes
    model: str
    service_tier: str

    @property
    def key(self) -> str:
        return self.identity.hex()

    @property
    def created(self) -> int:
        """A time in the twelve months after October 2025: derived, as a clock would differ each time."""
        return 1_760_000_000 + int.from_bytes(self.identity[:4], "big") % 31_536_000

    @property
    def fingerprint(self) -> str:
        return f"fp_{self.key[-10:]}"

    def part_key(self, *which: str | int) -> str:
        """Derive the 24 characters that name a part of the answer."""
        return digest(self.identity, *which).hex()[:24]


def usage(completion: Completion) -> dict[str, Any]:
    """Bill a completion, in the form of chat and legacy completions."""
    prompt = {"cached_tokens": completion.cached_tokens, "audio_tokens": completion.audio_tokens}
    if completion.image_tokens:
        prompt["image_tokens"] = completion.image_tokens
    return {
        "prompt_tokens": completion.prompt_tokens,
        "completion_tokens": completion.completion_tokens,
        "total_tokens": completion.prompt_tokens + completion.completion_tokens,
        "prompt_tokens_details": prompt,
        "completion_tokens_details": {
            "reasoning_tokens": completion.reasoning_tokens,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def obfuscation(key: str) -> Callable[[int, int], bytes]:
    """Return what writes the field that fills the text at a position up to a multiple of eight characters.

    So its length says nothing on the wire. Without a key there is no such field.
    """
    source = key.encode() * 2

    def field(length: int, position: int) -> bytes:
        start = position % 64
        return b',"obfuscation":"%b"' % source[start : start + -length % _PADDED_TO]

    return field if key else lambda _length, _position: b""


def api_headers(
    content_type: str, processing_seconds: float, prompt_tokens: int
) -> tuple[tuple[str, str], ...]:
    """Return the headers that OpenAI sends with an answer; the limits are far away and never reached."""
    left = max(_TOKENS_LIMIT - prompt_tokens, 0)
    return (
        ("Content-Type", content_type),
        ("Cache-Control", "no-cache"),
        ("Access-Control-Expose-Headers", "X-Request-ID"),
        ("OpenAI-Organization", "mockllm"),
        ("OpenAI-Processing-MS", str(round(processing_seconds * 1000))),
        ("OpenAI-Version", "2020-10-01"),
        ("X-RateLimit-Limit-Requests", str(_REQUESTS_LIMIT)),
        ("X-RateLimit-Limit-Tokens", str(_TOKENS_LIMIT)),
        ("X-RateLimit-Remaining-Requests", str(_REQUESTS_LIMIT - 1)),
        ("X-RateLimit-Remaining-Tokens", str(left)),
        ("X-RateLimit-Reset-Requests", "6ms"),
        ("X-RateLimit-Reset-Tokens", f"{max((_TOKENS_LIMIT - left) * 60_000 // _TOKENS_LIMIT, 1)}ms"),
    )


def error_body(error: ApiError) -> bytes:
    fields = {"message": error.message, "type": error.kind, "param": error.param, "code": error.code}
    return encode({"error": fields})
