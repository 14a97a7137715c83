"""`<think>…</think>` at the head of an answer → the thinking and the text. For models known to write so."""

from __future__ import annotations

TAGS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "[THINK]": "[/THINK]",
}
"""What models write when the server in front of them does not take their thinking apart."""


class ThinkTagSplitter:
    """Splits the text of one answer as it comes. What may yet become a tag is held back."""

    def __init__(self) -> None:
        self._held = ""
        self._until = ""
        self._state = "head"

    def feed(self, text: str) -> tuple[str, str]:
        """Return the thinking and the text that this completes."""
        if self._state == "text":
            return "", text
        self._held += text
        reasoning = ""
        if self._state == "head":
            self._look_for_a_tag()
        if self._state == "thinking":
            reasoning = self._thinking()
        if self._state == "after":
            self._skip_white_space()
        answer = self._let_go() if self._state == "text" else ""
        return reasoning, answer

    def flush(self) -> tuple[str, str]:
        """Return what is still held back: nothing more comes."""
        held, self._held = self._held, ""
        return (held, "") if self._state == "thinking" else ("", held if self._state == "head" else "")

    def _look_for_a_tag(self) -> None:
        head = self._held.lstrip()
        for tag, end in TAGS.items():
            if head.startswith(tag):
                self._held, self._until, self._state = head[len(tag) :], end, "thinking"
                return
        if not any(tag.startswith(head) for tag in TAGS):
            self._state = "text"

    def _thinking(self) -> str:
        thought, found, rest = self._held.partition(self._until)
        if found:
            self._held, self._state = rest, "after"
            return thought
        keep = next(
            size for size in range(len(self._until), -1, -1) if self._held.endswith(self._until[:size])
        )
        cut = len(self._held) - keep
        thought, self._held = self._held[:cut], self._held[cut:]
        return thought

    def _skip_white_space(self) -> None:
        self._held = self._held.lstrip()
        if self._held:
            self._state = "text"

    def _let_go(self) -> str:
        held, self._held = self._held, ""
        return held
