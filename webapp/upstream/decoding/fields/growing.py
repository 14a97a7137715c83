"""Whole messages in the place of deltas → what is new in each."""

from __future__ import annotations


class GrowingText:
    """The text of one answer's messages. Some servers repeat in each all that came before, some nothing."""

    def __init__(self) -> None:
        self._whole = ""
        self._repeats = False

    def new(self, text: str, *, is_last: bool) -> str:
        """Return what a message adds; `is_last` says whether the answer ends with it.

        Twice the same words may be twice the same token, unless they end the answer.
        """
        repeats = text.startswith(self._whole) and (len(text) > len(self._whole) or is_last or self._repeats)
        if not repeats:
            self._whole += text
            return text
        self._repeats |= bool(self._whole)
        new = text[len(self._whole) :]
        self._whole = text
        return new
