"""What a picture in a message counts for."""

import base64
import binascii

from mockllm.values import ApiError, Image, digest

_DETAILS = ("auto", "low", "high", "original")
_LOW_TOKENS = 85
# What OpenAI counts for 1024 x 1024 pixels in high detail: 85, and 170 for each of four tiles.
_HIGH_TOKENS = 765


def image(url: str, detail: str | None, where: str) -> Image:
    """Take a picture by its URL; it is not fetched. Raises ApiError for what is neither URL nor base64."""
    if detail not in (None, *_DETAILS):
        expected = ", ".join(_DETAILS)
        message = f"{where}.detail: expected one of {expected}, got '{detail}'"
        raise ApiError(400, message, param=f"{where}.detail", code="invalid_value")
    if not url.startswith(("https://", "http://")) and not _is_data_url(url):
        message = f"{where}: expected an http(s) URL or data:image/...;base64,..., got {url[:40]!r}"
        raise ApiError(400, message, param=where, code="invalid_image_url")
    return Image(digest(url).hex(), _LOW_TOKENS if detail == "low" else _HIGH_TOKENS)


def _is_data_url(url: str) -> bool:
    head, _, data = url.partition(",")
    if not head.startswith("data:image/") or not head.endswith(";base64") or not data:
        return False
    try:
        base64.b64decode(data, validate=True)
    except binascii.Error:
        return False
    return True
