"""Text to tokens: a small stand-in for a byte-pair encoding, about four characters of English a token.

A token is a word with its leading space (words of more than ten letters come in pieces of six), up to
three digits, a run of ASCII punctuation, a run of newlines, a run of blanks, or any other single code point.
So an emoji of several code points arrives in several tokens, as it does from real models. Letters are listed
by range, because `\\w` changes with the Unicode version of each Python.
"""

import re

_LETTERS = "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u052f"
_TOKEN = re.compile(
    rf" ?[{_LETTERS}]{{1,10}}(?![{_LETTERS}])"
    rf"| ?[{_LETTERS}]{{6}}"
    r"| ?[0-9]{1,3}"
    r"| ?[!-/:-@\[-`{-~]+"
    r"|(?:\r?\n)+"
    r"|[ \t]+"
    r"|.",
    re.DOTALL,
)
_LONG_TEXT = 65_536


def tokenize(text: str) -> list[str]:
    """Split text into tokens whose concatenation is the text."""
    return _TOKEN.findall(text)


def count_tokens(text: str) -> int:
    """Count tokens; a text above 64 Ki characters is taken as four characters a token.

    Splitting ten megabytes would hold up every other stream of the worker for half a second.
    """
    if len(text) > _LONG_TEXT:
        return len(text) // 4
    return len(_TOKEN.findall(text))
