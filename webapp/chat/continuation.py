"""Going on with an interrupted answer: how the model is asked, and what it repeats is left out. Pure."""

from __future__ import annotations

from webapp.chat.conversation import Message

GO_ON = (
    "Your last message was cut off. Continue it exactly where it stops, as if it had never been interrupted: "
    "do not repeat any of it, do not comment, do not apologise."
)
MIN_OVERLAP = 12
"""A shorter repetition is taken for chance: many a word ends as the next begins."""
LEAST_ECHO = 6
"""The shortest message that is left out where all of it is repeated: some servers give it back before they go
on."""


def request_to_go_on(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return the conversation with the request to go on, for a model that answers what it should continue."""
    return (*messages, Message("user", GO_ON))


class OverlapTrimmer:
    """Leaves out the beginning of a continuation that repeats what it continues: its end, or all of it.

    Text is held back only while it may still turn out to be such a repetition.
    """

    def __init__(self, begun: str) -> None:
        self._begun = begun
        self._held = ""
        self._at = 0
        """Where in `begun` the text that is held is found first; a longer text is found no sooner."""
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
        return self._held[self._repeated() :]

    def _repeated(self) -> int:
        """Return how long the longest end of what is continued is with which the text begins."""
        held, begun = self._held, self._begun
        if len(begun) >= LEAST_ECHO and held.startswith(begun):
            return len(begun)
        begins = held[:MIN_OVERLAP]
        at = begun.find(begins, max(0, len(begun) - len(held))) if len(begins) == MIN_OVERLAP else -1
        while at >= 0:
            if held.startswith(begun[at:]):
                return len(begun) - at
            at = begun.find(begins, at + 1)
        return 0

    def _may_grow(self) -> bool:
        """Whether a longer end of what is continued begins with all that is held."""
        self._at = self._begun.find(self._held, self._at)
        if self._at < 0:
            return False
        # What stands too near the end to become an overlap is none yet, unless it is the whole message.
        rest = len(self._begun) - self._at
        return rest > len(self._held) and (rest >= MIN_OVERLAP or (self._at == 0 and rest >= LEAST_ECHO))
