"""The JSON of each API, byte for byte, and the server-sent event around it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from mockllm.completion import Choice, Completion
from mockllm.errors import ApiError
from mockllm.pacing import Pace, due
from mockllm.plan import Send

JSON_TYPE = "application/json"
EVENT_STREAM_TYPE = "text/event-stream; charset=utf-8"
DONE = b"data: [DONE]\n\n"

_encode = msgspec.json.Encoder().encode
_PADDED_TO = 8


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


def usage(completion: Completion) -> dict[str, Any]:
    return {
        "prompt_tokens": completion.prompt_tokens,
        "completion_tokens": completion.completion_tokens,
        "total_tokens": completion.prompt_tokens + completion.completion_tokens,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def chat_body(completion: Completion, stamp: Stamp) -> bytes:
    """Write the whole answer that an unstreamed chat completion gets."""
    return _encode(
        {
            "id": f"chatcmpl-{stamp.key[:29]}",
            "object": "chat.completion",
            "created": stamp.created,
            "model": stamp.model,
            "choices": [_whole_choice(index, choice) for index, choice in enumerate(completion.choices)],
            "usage": usage(completion),
            "service_tier": stamp.service_tier,
            "system_fingerprint": stamp.fingerprint,
        }
    )


def _whole_choice(index: int, choice: Choice) -> dict[str, Any]:
    message: dict[str, Any] = {
        "role": "assistant",
        "content": choice.text,
        "refusal": None,
        "annotations": [],
    }
    return {"index": index, "message": message, "logprobs": None, "finish_reason": choice.finish_reason}


class ChatChunks:
    """Writes the chunks of one streamed chat completion, one event a call.

    All but the token itself is the same for each chunk of a stream, so it is encoded once.
    """

    def __init__(
        self, stamp: Stamp, include_usage: bool, include_obfuscation: bool, choices: int = 1
    ) -> None:
        head = {
            "id": f"chatcmpl-{stamp.key[:29]}",
            "object": "chat.completion.chunk",
            "created": stamp.created,
            "model": stamp.model,
            "service_tier": stamp.service_tier,
            "system_fingerprint": stamp.fingerprint,
        }
        self._head = b"data: " + _encode(head)[:-1] + b',"choices":['
        self._after_choices = b',"usage":null' if include_usage else b""
        self._padding = stamp.key.encode() * 2 if include_obfuscation else b""
        end = b'},"logprobs":null,"finish_reason":null}]' + self._after_choices
        self._around_token = [
            (b'%b{"index":%d,"delta":{"content":' % (self._head, choice), end) for choice in range(choices)
        ]

    def role(self, choice: int) -> bytes:
        return self._chunk(choice, b'{"role":"assistant","content":"","refusal":null}', b"null", 0, 0)

    def token(self, choice: int, token: str, position: int) -> bytes:
        # Written thousands of times a second, so what it shares with its neighbours is encoded once.
        start, end = self._around_token[choice]
        return start + _encode(token) + end + self._obfuscation(len(token), position) + b"}\n\n"

    def finish(self, choice: int, reason: str) -> bytes:
        return self._chunk(choice, b"{}", _encode(reason), 0, 1)

    def usage(self, completion: Completion) -> bytes:
        return b'%b],"usage":%b%b}\n\n' % (self._head, _encode(usage(completion)), self._obfuscation(0, 2))

    def _chunk(self, choice: int, delta: bytes, finish_reason: bytes, length: int, position: int) -> bytes:
        return b'%b{"index":%d,"delta":%b,"logprobs":null,"finish_reason":%b}]%b%b}\n\n' % (
            self._head,
            choice,
            delta,
            finish_reason,
            self._after_choices,
            self._obfuscation(length, position),
        )

    def _obfuscation(self, length: int, position: int) -> bytes:
        """Pad the content to a multiple of eight characters, so that its length says nothing on the wire."""
        if not self._padding:
            return b""
        start = position % 64
        return b',"obfuscation":"%b"' % self._padding[start : start + -length % _PADDED_TO]


def chat_sends(completion: Completion, chunks: ChatChunks, pace: Pace, include_usage: bool) -> Iterator[Send]:
    """Yield the events of a streamed chat completion with the time each is due.

    The role chunk leaves with the first token, everything that ends the stream with the last.
    """
    for step in range(max(completion.steps, 1)):
        at = due(pace, step)
        for index, choice in enumerate(completion.choices):
            if step == 0:
                yield Send(at, chunks.role(index), None)
            if step < len(choice.tokens):
                yield Send(at, chunks.token(index, choice.tokens[step], step), step)
            if step == max(len(choice.tokens) - 1, 0):
                yield Send(at, chunks.finish(index, choice.finish_reason), None)
    if include_usage:
        yield Send(at, chunks.usage(completion), None)
    yield Send(at, DONE, None)


def model_body(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 1_760_000_000, "owned_by": "mockllm"}


def models_body(names: list[str]) -> bytes:
    return _encode({"object": "list", "data": [model_body(name) for name in names]})


def error_body(error: ApiError) -> bytes:
    fields = {"message": error.message, "type": error.kind, "param": error.param, "code": error.code}
    return _encode({"error": fields})


def json_body(value: Any) -> bytes:
    return _encode(value)
