"""A seeded text that matches a regular expression. Pure.

The expression is read by Python's own parser.
Look-arounds and word borders are taken as if they matched; whoever needs certainty checks the text and draws
again.
"""

import re
from re import _constants as op  # type: ignore[attr-defined] # the parser has no public name
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from mockllm.text.schema.texts.dialect import in_python
from mockllm.values import Draws

# Mostly short texts; now and then long ones, for a minimum length that has to be met as well.
_MOST_REPEATS = (3, 3, 3, 9, 30)
_MOST_STEPS = 10_000
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_MOST_FITTED_STEPS = 100_000
_ANY = "abcdefghijklmnopqrstuvwxyz0123456789"
_MIXED = _ANY + "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" + "!#$%&*-?@"
_PRINTABLE = "".join(map(chr, range(32, 127)))
_CLASSES = {
    op.CATEGORY_DIGIT: "0123456789",
    op.CATEGORY_SPACE: " ",
    op.CATEGORY_WORD: _ANY,
    op.CATEGORY_NOT_DIGIT: "abcdefghijklmnopqrstuvwxyz",
    op.CATEGORY_NOT_SPACE: _ANY,
    op.CATEGORY_NOT_WORD: " -.",
}


def matching(pattern: str, draws: Draws) -> str:
    """Draw a text; it is empty for an expression that cannot be read, or that asks for too much."""
    try:
        return "".join(_Writer(draws).texts(parser.parse(in_python(pattern))))
    except (re.error, OverflowError, RecursionError):
        return ""


def matching_of_length(pattern: str, length: int, draws: Draws) -> str:
    """Draw a text of about this length, as far as the expression lets it; where it stands free, of any signs.

    It is empty where `matching` is.
    """
    try:
        parsed = parser.parse(in_python(pattern))
        return "".join(_FittedWriter(draws, length - parsed.getwidth()[0]).texts(parsed))
    except (re.error, OverflowError, RecursionError):
        return ""


class _Writer:
    any = _ANY
    most_steps = _MOST_STEPS

    def __init__(self, draws: Draws) -> None:
        self._draws = draws
        self._most_repeats = draws.pick(_MOST_REPEATS)
        self._groups: dict[int, str] = {}
        self._left = self.most_steps

    def texts(self, parsed: Any) -> list[str]:
        self._left -= 1
        if self._left < 0:
            raise OverflowError
        return [self._text(kind, value) for kind, value in parsed]

    def _text(self, kind: Any, value: Any) -> str:
        if kind is op.LITERAL:
            return chr(value)
        if kind is op.NOT_LITERAL:
            return "x" if value != ord("x") else "y"
        if kind is op.ANY:
            return self._draws.pick(self.any)
        if kind is op.IN:
            return self._draws.pick(_members(value) or "?")
        if kind is op.BRANCH:
            return "".join(self.texts(self._draws.pick(value[1])))
        if kind is op.SUBPATTERN:
            text = "".join(self.texts(value[-1]))
            self._groups[value[0]] = text
            return text
        if kind is op.GROUPREF:
            return self._groups.get(value, "")
        if kind in _REPEATS:
            return self._repeated(*value)
        return ""

    def _repeated(self, least: int, most: int, parsed: Any) -> str:
        count = self._count(least, int(most), parsed)
        return "".join("".join(self.texts(parsed)) for _ in range(count))

    def _count(self, least: int, most: int, _parsed: Any) -> int:
        return self._draws.between(least, min(most, least + self._most_repeats))


class _FittedWriter(_Writer):
    """Spends so many characters more than the expression needs on its repeats, one after another."""

    any = _MIXED
    most_steps = _MOST_FITTED_STEPS

    def __init__(self, draws: Draws, spare: int) -> None:
        super().__init__(draws)
        self._spare = spare

    def _count(self, least: int, most: int, parsed: Any) -> int:
        width = max(parsed.getwidth()[0], 1)
        most_more = min(most - least, max(self._spare, 0) // width)
        # Some repeat has to take all that is left, or the length would seldom come out.
        more = most_more if self._draws.chance(0.5) else self._draws.between(0, most_more)
        self._spare -= more * width
        return least + more


def _members(items: Any) -> str:
    """List the characters of a class such as `[a-z_]`; of a negated one, the printable rest."""
    members = ""
    for kind, value in items:
        if kind is op.LITERAL:
            members += chr(value)
        elif kind is op.RANGE:
            members += "".join(map(chr, range(value[0], min(value[1], value[0] + 255) + 1)))
        elif kind is op.CATEGORY:
            members += _CLASSES.get(value, "")
    if items and items[0][0] is op.NEGATE:
        return "".join(char for char in _PRINTABLE if char not in members)
    return members
