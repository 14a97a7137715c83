"""What may not be written to a cassette, and how it is kept out. Pure."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, urlencode

# A list of what is kept, not of what is dropped: an API may have secrets that nobody has heard of.
_KEPT_HEADERS = re.compile(
    r"content-(type|encoding)|cache-control|retry-after(-ms)?|x-should-retry|openai-(processing-ms|version)|x-ratelimit-.+",
    re.IGNORECASE,
)
_SECRET_HEADERS = re.compile(
    r"authorization|proxy-authorization|cookie|.*(api-?key|token|secret|organization|project)", re.IGNORECASE
)
_SECRET_PARAMETERS = re.compile(r".*(key|token|secret|signature|sig|code|password)", re.IGNORECASE)
_SCHEME = re.compile(r"(bearer|basic|token) +", re.IGNORECASE)
# Shorter ones would be found everywhere.
_LEAST_SECRET = 8


def kept_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the headers of a response that say something about the answer."""
    return [(name, value) for name, value in headers if _KEPT_HEADERS.fullmatch(name)]


def secrets_in(headers: Iterable[tuple[str, str]]) -> list[bytes]:
    """List the secrets that a request's headers carry, the longest first."""
    values = (_SCHEME.sub("", value, count=1) for name, value in headers if _SECRET_HEADERS.fullmatch(name))
    parts = (part.strip() for value in values for part in (value, *re.split(r"[;=,\s]", value)))
    long_ones = {part.encode("latin-1", "replace") for part in parts if len(part) >= _LEAST_SECRET}
    return sorted(long_ones, key=lambda secret: (-len(secret), secret))


def without_secrets(data: bytes, secrets: Sequence[bytes]) -> bytes:
    """Cross secrets out; the length stays, so that pieces can still be cut where they were."""
    for secret in secrets:
        data = data.replace(secret, b"*" * len(secret))
    return data


def pieces_without_secrets(pieces: Sequence[bytes], secrets: Sequence[bytes]) -> list[bytes]:
    """Cross secrets out of a body that came in pieces, even where one is cut in two."""
    clean = memoryview(without_secrets(b"".join(pieces), secrets))
    cut, start = [], 0
    for piece in pieces:
        cut.append(bytes(clean[start : start + len(piece)]))
        start += len(piece)
    return cut


def clean_path(path: str, query: str) -> str:
    """Join path and query, without the parameters that are secrets; replaying ignores them, too."""
    kept = [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if not _SECRET_PARAMETERS.fullmatch(name)
    ]
    return f"{path}?{urlencode(kept)}" if kept else path
