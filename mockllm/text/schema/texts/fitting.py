"""A text that satisfies several patterns and a length at once, found by trying. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mockllm.text.schema.texts.patterns import matching_of_length
from mockllm.values import Draws

_MOST_TRIES = 200
_LITTLE_ROOM, _ROOM = 8, 40
"""So much longer than it must be a text may be, if nothing limits it: at first, and after many tries."""
_LONGEST = 20_000
_MOST_CHARACTERS = 400_000


class Fitting:
    """Tries texts for one value, so many characters of them in all, however often the value is begun anew."""

    def __init__(self) -> None:
        self._left = _MOST_CHARACTERS

    def text(self, schema: Mapping[str, Any], draws: Draws, accepts: Callable[[str], bool]) -> str | None:
        """Draw a text for plain keywords with a pattern, or None if none is found."""
        patterns = list(_patterns(schema))
        least = min(schema.get("minLength", 0), _LONGEST)
        most = min(schema.get("maxLength", _LONGEST), _LONGEST)
        for attempt in range(_MOST_TRIES):
            if self._left < 0:
                return None
            each = draws.within("fit", attempt)
            # A pattern may ask for more than the schema says, which only trying shows.
            length = each.between(least, max(least, min(most, least + min(_ROOM, _LITTLE_ROOM + attempt))))
            for text in _candidates(patterns, length, each):
                self._left -= len(text) + 1
                if least <= len(text) <= most and accepts(text):
                    return text
        return None


def _patterns(schema: Mapping[str, Any]) -> Iterator[str]:
    if "pattern" in schema:
        yield schema["pattern"]
    for inner in schema.get("allOf", ()):
        yield from _patterns(inner)


def _candidates(patterns: list[str], length: int, draws: Draws) -> Iterator[str]:
    texts = [matching_of_length(pattern, length, draws) for pattern in patterns]
    yield from texts
    # Patterns without ends are found in longer texts, too; one may say how texts begin, another how they end.
    for text in texts:
        padding = matching_of_length("^[a-z0-9]*$", max(length - len(text), 0), draws)
        yield from (text + padding, padding + text)
    if len(texts) > 1:
        yield from ("".join(texts), "".join(reversed(texts)))
