"""One JSON object of an upstream, whatever its shape → a Chunk.

An odd value costs itself, not the answer.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from webapp.upstream.decoding.chunk import Chunk
from webapp.upstream.decoding.documented import Frame, documented
from webapp.upstream.decoding.errors import MalformedChunkError
from webapp.upstream.decoding.fields import (
    CharacterMender,
    UsageReader,
    error_in,
    finish_reason_of,
    reasoning_of,
    reported_error,
    text_of,
)


class TolerantReader:
    """Reads the objects of one answer: what they say of its usage is kept, and halves of characters are."""

    def __init__(self) -> None:
        self._usage = UsageReader()
        self._mender = CharacterMender()
        self.holds = False
        """Whether the next object must be read here, because half a character waits for it."""
        self.has_deltas = False
        """Whether text has come in deltas: then a message beside or after them repeats it."""
        self.is_whole = False
        """Whether all that came is one object, which holds a whole answer."""
        self._objects = 0

    def read(self, data: bytes) -> Chunk:
        """Raises MalformedChunkError for what is no JSON object, UpstreamReportedError for an error."""
        if not self.holds and (frame := documented(data)):
            return self._of_documented(frame)
        value, is_utf_8 = _decoded(data)
        if error := error_in(value):
            raise error
        choices = value.get("choices")
        if not isinstance(choices, list | None):
            raise MalformedChunkError(f"expected a list of choices, got {type(choices).__name__}")
        choice = _first_choice(choices)
        if error_beside := choice.get("error"):
            raise reported_error(error_beside)
        delta = self._delta(choice)
        usage = None
        for holder in (choice, _object(value.get("x_groq")), value):
            usage = self._usage.read(holder.get("usage")) or usage
        text = self._mender.whole(text_of(delta), is_utf_8=is_utf_8)
        self.holds = self._mender.holds
        return Chunk(
            text,
            finish_reason_of(choice.get("finish_reason") or choice.get("finishReason")),
            usage,
            _without_halves(reasoning_of(delta)),
            "usage" if usage and not choices else "",
        )

    def _of_documented(self, frame: Frame) -> Chunk:
        """As `read` has it, of what has no odd shapes."""
        self._objects += 1
        self.is_whole = False
        usage = self._usage.read(frame.usage)
        if not frame.choices:
            return Chunk(usage=usage, end="usage" if usage else "")
        choice = frame.choices[0]
        text, thought = choice.delta.content or "", choice.delta.reasoning_content or ""
        self.has_deltas |= bool(text)
        return Chunk(text, finish_reason_of(choice.finish_reason), usage, thought)

    def _delta(self, choice: dict[str, Any]) -> dict[str, Any]:
        """Return what is new: of a delta, a whole answer, or a completion of the older API."""
        delta, message = _object(choice.get("delta")), _object(choice.get("message"))
        self._objects += 1
        self.is_whole = bool(message) and not delta and self._objects == 1
        if delta or (message and self.has_deltas):
            self.has_deltas |= bool(text_of(delta))
            return delta
        return message or {"content": choice.get("text")}

    def flush(self) -> str:
        """Return what stands for a half whose other half never came."""
        self.holds = False
        return self._mender.flush()


def _decoded(data: bytes) -> tuple[dict[str, Any], bool]:
    """Return the object, and whether its bytes are UTF-8."""
    is_utf_8 = True
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # Which forgives line ends in strings, NaN, and halves of characters.
        try:
            text = data.decode()
        except UnicodeDecodeError:
            is_utf_8, text = False, data.decode(errors="surrogateescape")
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError) as error:
            raise MalformedChunkError(type(error).__name__) from None
    if not isinstance(value, dict):
        raise MalformedChunkError(f"expected an object, got {type(value).__name__}")
    return value, is_utf_8


def _first_choice(choices: list[Any] | None) -> dict[str, Any]:
    """Return the choice that was asked for. Each choice of n > 1 comes in chunks of its own."""
    for choice in choices or ():
        if isinstance(choice, dict) and choice.get("index") in (None, 0, "0", ""):
            return choice
    return {}


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _without_halves(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
