"""Going on with an interrupted answer: how the model is asked, and what it repeats is left out. Pure."""

from __future__ import annotations

from webapp.chat.messages import Message

GO_ON = (
    "Your last message was cut off. Continue it exactly where it stops, as if it had never been interrupted: "
    "do not repeat any of it, do not comment, do not apologise."
)
MIN_OVERLAP = 12
"""A shorter repetition is taken for chance: many a word ends as the next begins."""
MAX_OVERLAP = 400


def request_to_go_on(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return the conversation with the request to go on, for a model that answers what it should continue."""
    return (*messages, Message("user", GO_ON))


class OverlapTrimmer:
    """Leaves out the beginning of a continuation that repeats the end of what it continues.

    Text is held back only while it may still turn out to be such a repetition, so never for long.
    """

    def __init__(self, begun: str) -> None:
        self._tail = begun[-MAX_OVERLAP:]
        self._held = ""
        self._decided = False

    def feed(self, text: str) -> str:
        """Return what of the text so far is not held back and was not returned."""
        if self._decided:
            return text
        self._held += text
        if self._may_grow():
            return ""
        return self.flush()

    def flush(self) -> str:
        """Return what is still held back, without what is repeated: nothing more comes."""
        if self._decided:
            return ""
        self._decided = True
        for length in range(min(len(self._held), len(self._tail)), MIN_OVERLAP - 1, -1):
            if self._held.startswith(self._tail[-length:]):
                return self._held[length:]
        return self._held

    def _may_grow(self) -> bool:
        """Whether a longer end of what is continued begins with all that is held."""
        longer = range(max(len(self._held) + 1, MIN_OVERLAP), len(self._tail) + 1)
        return any(self._tail[-length:].startswith(self._held) for length in longer)
