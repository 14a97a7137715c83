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
    GrowingText,
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
        self._message, self._message_thought = GrowingText(), GrowingText()
        self._index: int | None = None
        """Of the choice that is read."""
        self.holds = False
        """Whether the next object must be read here: half a character waits for it, or another choice than
        the first is read."""
        self.has_text = False
        """Whether text has come in deltas: then a message beside or after them repeats it."""
        self.has_thought = False
        """The same of the thinking."""
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
        if isinstance(choices, dict):
            choices = [choices]
        if not isinstance(choices, list | None):
            raise MalformedChunkError(f"expected a list of choices, got {type(choices).__name__}")
        choice = self._first_choice(choices or [])
        if error_beside := choice.get("error"):
            raise reported_error(error_beside)
        finish_reason = finish_reason_of(choice.get("finish_reason") or choice.get("finishReason"))
        said, thought = self._new(choice, is_last=finish_reason is not None)
        usage = None
        for holder in (_object(choice.get("delta")), choice, _object(value.get("x_groq")), value):
            usage = self._usage.read(holder.get("usage")) or usage
        text = self._mender.whole(said, is_utf_8=is_utf_8)
        self.holds = self._mender.holds or bool(self._index)
        return Chunk(
            text, finish_reason, usage, _without_halves(thought), "usage" if usage and not choices else ""
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
        self._index = 0 if self._index is None else self._index
        self.has_text |= bool(text)
        self.has_thought |= bool(thought)
        return Chunk(text, finish_reason_of(choice.finish_reason), usage, thought)

    def _first_choice(self, choices: list[Any]) -> dict[str, Any]:
        """Return the choice that is read: the one that came first.

        One is asked for. Whoever sends more sends each in chunks of its own; some count from 1.
        """
        objects = [choice for choice in choices if isinstance(choice, dict)]
        numbers = [_number(choice.get("index")) for choice in objects]
        if self._index is None:
            begun = [0] if self.has_text or self.has_thought else []
            self._index = min(begun + [number for number in numbers if number is not None], default=None)
        for choice, number in zip(objects, numbers, strict=True):
            if number in (None, self._index):
                return choice
        return {}

    def _new(self, choice: dict[str, Any], *, is_last: bool) -> tuple[str, str]:
        """Return the new text and thinking: of a delta, a message, or a completion of the older API."""
        delta, message = choice.get("delta"), _object(choice.get("message"))
        delta = {"content": delta} if isinstance(delta, str) else _object(delta)
        self._objects += 1
        self.is_whole = bool(message) and not delta and self._objects == 1
        text, thought = text_of(delta), reasoning_of(delta)
        if text or thought:
            self.has_text |= bool(text)
            self.has_thought |= bool(thought)
            return text, thought
        if not message:
            return text_of({"content": choice.get("text")}), ""
        if not self.has_text:
            text = self._message.new(text_of(message), is_last=is_last)
        if not self.has_thought:
            thought = self._message_thought.new(reasoning_of(message), is_last=is_last)
        return text, thought

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
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        raise MalformedChunkError(f"expected an object, got {type(value).__name__}")
    return value, is_utf_8


def _number(index: object) -> int | None:
    """Return which choice this is, None if that is not said."""
    try:
        return int(index) if isinstance(index, int | float | str) else None
    except (ValueError, OverflowError):
        return None


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _without_halves(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
