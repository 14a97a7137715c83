"""A value as the words of a refusal show it: alike on every Python, and not at any length. Pure."""

import re

_MOST_CHARACTERS = 400
_ESCAPE = re.compile(r"\\\\|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8}")
# Blocks whose characters were all there before the oldest Unicode that a supported Python knows; of others
# `repr` shows what its Python has heard of.
_KNOWN = (
    (0xA1, 0xAD), (0xAE, 0x370), (0x374, 0x378), (0x388, 0x38B), (0x391, 0x3A2), (0x3A3, 0x530),
    (0x5D0, 0x5EB), (0x620, 0x66E), (0x905, 0x939), (0xE01, 0xE3B), (0x1E00, 0x1F16), (0x2010, 0x2028),
    (0x2030, 0x205F), (0x20A0, 0x20C0), (0x2100, 0x218C), (0x2190, 0x2427), (0x2460, 0x2B74),
    (0x3001, 0x3040), (0x3041, 0x3097), (0x30A0, 0x3100), (0x4E00, 0x9FD0), (0xAC00, 0xD7A4),
    (0xFF01, 0xFFBF), (0x1F300, 0x1F6D3),
)  # fmt: skip


def shown(value: object) -> str:
    """Write a value as `repr` does, with escapes for characters that not every Python can print."""
    try:
        text = _ESCAPE.sub(_unescaped, ascii(value))
    except ValueError:
        # Python does not write numbers of more than 4,300 digits.
        return "a number of thousands of digits"
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}…"


def _unescaped(escape: re.Match[str]) -> str:
    if escape[0] == r"\\":
        return escape[0]
    char = escape[0].encode().decode("unicode_escape")
    return char if any(first <= ord(char) < last for first, last in _KNOWN) else escape[0]
