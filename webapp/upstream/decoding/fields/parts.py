"""The text and the thinking of a delta or a message, in the many shapes that servers give them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_REASONING = (
    "reasoning_content",
    "reasoning",
    "thinking",
    "reasoning_text",
    "reasoning_details",
    "thinking_blocks",
)
"""Where a delta may hold thinking. Some servers say the same in two of them: the first that does counts."""
_THINKING_KINDS = ("thinking", "thought", "reasoning")
_TEXTS = ("text", "content", "output_text", "refusal")
_THOUGHTS = ("thinking", "text", "summary", "reasoning", "content")
MOST_NESTING = 5


def text_of(delta: dict[str, Any]) -> str:
    """Return the text of the answer: of `content`, be it a string or a list of parts, or of a refusal."""
    content = delta.get("content")
    if content and isinstance(content, str):
        return content
    return "".join(_texts(content)) or "".join(_texts(delta.get("refusal")))


def reasoning_of(delta: dict[str, Any]) -> str:
    """Return the thinking that a delta shows, in a field of its own or among the parts of its content."""
    for name in _REASONING:
        if (value := delta.get(name)) and (thought := "".join(_thoughts(value))):
            return thought
    content = delta.get("content")
    if not content or isinstance(content, str):
        return ""
    parts = content if isinstance(content, list) else [content]
    return "".join(text for part in parts if _is_thinking(part) for text in _thoughts(part))


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for part in content:
            yield from _texts(part)
    elif isinstance(content, dict) and not _is_thinking(content):
        yield next((text for name in _TEXTS if (text := _worded(content.get(name)))), "")
    elif isinstance(content, int | float) and not isinstance(content, bool):
        yield str(content)


def _worded(value: object) -> str:
    """Return a text, which some servers put into an object of its own."""
    if isinstance(value, dict):
        value = value.get("value")
    return value if isinstance(value, str) else ""


def _thoughts(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth < MOST_NESTING:
        for item in value:
            yield from _thoughts(item, depth + 1)
    elif isinstance(value, dict) and depth < MOST_NESTING:
        yield from _thoughts(next((value[name] for name in _THOUGHTS if value.get(name)), None), depth + 1)


def _is_thinking(part: object) -> bool:
    kind = part.get("type") if isinstance(part, dict) else None
    return isinstance(kind, str) and kind.startswith(_THINKING_KINDS)
