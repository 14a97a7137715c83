"""Small letters, the same whatever Unicode a Python knows. Pure."""

# Blocks whose letters were all there before the oldest Unicode that a supported Python knows.
_BLOCKS = ((0x41, 0x250), (0x370, 0x530), (0x531, 0x588), (0x1E00, 0x2000))
_SMALL = {code: chr(code).lower() for first, last in _BLOCKS for code in range(first, last)}


def lowered(text: str) -> str:
    """Return the text in small letters, those of later alphabets as they are."""
    return text.lower() if text.isascii() else text.translate(_SMALL)


def folded(text: str) -> str:
    """Return the text as it is compared in upper or lower case: a sigma is one, also at the end of a word."""
    return lowered(text).replace("ς", "σ")
