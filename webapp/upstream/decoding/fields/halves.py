"""Characters that a server cut in two, half in one chunk and half in the next → whole characters."""

from __future__ import annotations

import codecs
from typing import Final

_HALVES: Final = range(0xD800, 0xE000)
_utf_16_decoder = codecs.getincrementaldecoder("utf-16-le")
_utf_8_decoder = codecs.getincrementaldecoder("utf-8")


class CharacterMender:
    """Keeps the first half of a character until the second comes; what has no other half becomes U+FFFD.

    A half is a surrogate, where the server cut between the two of an escaped pair, or some bytes, where it
    cut between those of a character in UTF-8; `surrogateescape` stands for the latter.
    """

    def __init__(self) -> None:
        self._surrogates = _utf_16_decoder("replace")
        self._bytes = _utf_8_decoder("replace")
        self.holds = False
        """Whether the first half of a character waits for the second."""

    def whole(self, text: str, *, is_utf_8: bool) -> str:
        """Return the text with what was held back. `is_utf_8` says whether it stood in valid UTF-8."""
        if not self.holds and not any(ord(character) in _HALVES for character in text):
            return text
        if is_utf_8:
            whole = self._bytes.decode(b"", final=True)
            whole += self._surrogates.decode(text.encode("utf-16-le", "surrogatepass"))
        else:
            whole = self._surrogates.decode(b"", final=True)
            whole += self._bytes.decode(_bytes_of(text))
        self.holds = bool(self._surrogates.getstate()[0] or self._bytes.getstate()[0])
        return whole

    def flush(self) -> str:
        """Return what stands for a half whose other half never came."""
        self.holds = False
        return self._surrogates.decode(b"", final=True) + self._bytes.decode(b"", final=True)


def _bytes_of(text: str) -> bytes:
    """Return the bytes that a text was read from with `surrogateescape`; a half of another kind is lost."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")
