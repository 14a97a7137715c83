"""One exchange with the real API, read piece by piece as it comes."""

import http.client
import ssl
from collections.abc import Iterable, Iterator
from typing import Literal
from urllib.parse import urlsplit

_HOP_BY_HOP = frozenset(
    {
        "connection", "keep-alive", "proxy-authenticate", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade", "host", "content-length", "expect",
        # Compressed bytes could neither be read in a cassette nor searched for secrets.
        "accept-encoding",
    }
)  # fmt: skip
_READ_BYTES = 65_536
_TIMEOUT_SECONDS = 600.0

Headers = list[tuple[str, str]]


class UpstreamError(Exception):
    """The API could not be reached, or gave no answer."""


class Upstream:
    """An API by the URL that a client of it takes as its base, such as `https://api.openai.com/v1`."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(f"expected a URL such as https://api.openai.com/v1, got {base_url!r}")
        self._secure = parts.scheme == "https"
        self._host = parts.hostname
        # Raises ValueError itself for a port that is none.
        self._port = parts.port
        self._base = parts.path.rstrip("/") or "/v1"

    def ask(self, method: str, path: str, headers: Iterable[tuple[str, str]], body: bytes) -> "Answer":
        """Send a request, whose path begins behind the base, and read the head. Raises UpstreamError."""
        connection = self._connection()
        try:
            connection.request(method, self._base + path, body or None, dict(forwarded(headers)))
            return Answer(connection, connection.getresponse())
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise UpstreamError(f"{self._host}: {error or type(error).__name__}") from error

    def _connection(self) -> http.client.HTTPConnection:
        if self._secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(
                self._host, self._port, timeout=_TIMEOUT_SECONDS, context=context
            )
        return http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT_SECONDS)


class Answer:
    """An answer whose head has come. `ending` says how the body ended, once it has."""

    def __init__(self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse) -> None:
        self._connection = connection
        self._response = response
        self.status = response.status
        self.headers: Headers = list(forwarded(response.getheaders()))
        # None means that the body promises no length.
        self.length: int | None = response.length
        self.ending: Literal["complete", "close", "reset"] = "complete"

    def pieces(self) -> Iterator[bytes]:
        """Yield the body as it comes, without waiting for more than there is."""
        came = 0
        try:
            while piece := self._response.read1(_READ_BYTES):
                came += len(piece)
                yield piece
        except http.client.IncompleteRead:
            self.ending = "close"
        except OSError:
            self.ending = "reset"
        if self.ending == "complete" and came < (self.length or 0):
            self.ending = "close"

    def close(self) -> None:
        self._response.close()
        self._connection.close()


def forwarded(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the headers that are not about this one connection."""
    return ((name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP)
