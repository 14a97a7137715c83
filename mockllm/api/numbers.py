"""Whole numbers as headers and queries have them. Pure."""


def whole_number(text: str, most: int) -> int | None:
    """Read a number from 0 to `most` in ASCII's digits; anything else is none."""
    # Twenty digits are beyond any limit, and thousands beyond what `int` takes.
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    return number if (number := int(text)) <= most else None
