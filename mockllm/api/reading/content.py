"""What pictures, files and sounds in a message count for."""

import base64
import binascii

from msgspec import Struct

from mockllm.values import ApiError, Attachment, digest, shown

_DETAILS = ("auto", "low", "high", "original")
_LOW_TOKENS = 85
# What OpenAI counts for 1024 x 1024 pixels in high detail: 85, and 170 for each of four tiles.
_HIGH_TOKENS = 765
# A page of a PDF is read as text and as a picture; how many there are is guessed from the size.
_PAGE_TOKENS = 1_000
_CHARACTERS_A_PAGE = 100_000
_TOKENS_A_SECOND = 10
_BYTES_A_SECOND = {"wav": 48_000, "mp3": 16_000}


class Sound(Struct):
    """What somebody said, as a sound in base64."""

    data: str | None = None
    format: str | None = None


def image(url: str, detail: str | None, where: str) -> Attachment:
    """Take a picture by its URL; it is not fetched. Raises ApiError for what is neither URL nor base64."""
    if detail not in (None, *_DETAILS):
        expected = ", ".join(_DETAILS)
        message = f"{where}.detail: expected one of {expected}, got '{detail}'"
        raise ApiError(400, message, param=f"{where}.detail", code="invalid_value")
    if not url.startswith(("https://", "http://")) and not _is_data_url(url):
        message = f"{where}: expected an http(s) URL or data:image/...;base64,..., got {shown(url[:40])}"
        raise ApiError(400, message, param=where, code="invalid_image_url")
    return Attachment(digest(url).hex(), _LOW_TOKENS if detail == "low" else _HIGH_TOKENS, "image")


def file(source: str | None, where: str) -> Attachment:
    """Take a file by its data, URL or id; nothing is read of it. Raises ApiError if there is none of them."""
    if not source:
        message = f"{where}: expected one of file_data, file_url or file_id"
        raise ApiError(400, message, param=where, code="missing_required_parameter")
    pages = 1 + len(source) // _CHARACTERS_A_PAGE
    return Attachment(digest(source).hex(), pages * _PAGE_TOKENS, "file")


def audio(data: str | None, form: str | None, where: str) -> Attachment:
    """Take a sound, which is data in base64. Raises ApiError for another form, and for what is no base64."""
    if form not in _BYTES_A_SECOND:
        expected = " or ".join(f"'{each}'" for each in _BYTES_A_SECOND)
        message = f"{where}.format: expected {expected}, got {shown(form)}"
        raise ApiError(400, message, param=f"{where}.format", code="invalid_value")
    if not data or not _is_base64(data):
        raise ApiError(400, f"{where}.data: expected base64", param=f"{where}.data", code="invalid_value")
    seconds = 1 + len(data) * 3 // 4 // _BYTES_A_SECOND[form]
    return Attachment(digest(data).hex(), seconds * _TOKENS_A_SECOND, "audio")


def _is_data_url(url: str) -> bool:
    head, _, data = url.partition(",")
    if not head.startswith("data:image/") or not head.endswith(";base64") or not data:
        return False
    return _is_base64(data)


def _is_base64(data: str) -> bool:
    try:
        base64.b64decode(data, validate=True)
    except binascii.Error:
        return False
    return True
