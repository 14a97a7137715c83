"""HTTP/1.1 as bytes: a request to send, a response read by geventhttpclient's C parser (llhttp). No sockets.

Where a server breaks the rules, what is raised is what httpx2's own transport raises for it.
"""

from __future__ import annotations

import re

import httpx2
from geventhttpclient._parser import HTTPParseError, HTTPResponseParser  # what all its clients are built on

MAX_HEAD_BYTES = 100 * 1024
"""How much may come before a response's headers are complete: httpx2's own bound."""

_NAME = re.compile(rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(rb"(?! |\t)[\t -~\x80-\xff]*(?<! |\t)|")


def request_bytes(request: httpx2.Request) -> bytes:
    """Return the whole request. Raises LocalProtocolError for bytes that a header must not hold."""
    lines = [b"%b %b HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)]
    for name, value in request.headers.raw:
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            # The value is left out of the message: a key with a line end is what usually gets here.
            raise httpx2.LocalProtocolError(f"Illegal header {name.decode('latin-1')!r}")
        lines.append(b"%b: %b" % (name, value))
    body = request.read()
    if "transfer-encoding" in request.headers:
        body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


class ResponseReader(HTTPResponseParser):
    """One response to one request, read from bytes in any cut."""

    def __init__(self, method: str) -> None:
        super().__init__()
        self.has_headers = False
        self.complete = False
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.reason = b""
        self._bodiless = method == "HEAD"
        self._head_bytes = 0
        self._broken = False
        self._error: httpx2.RemoteProtocolError | None = None
        self._field, self._value = "", ""
        self._in_value = False
        self._body: list[bytearray] = []

    @property
    def begun(self) -> bool:
        """Whether the server has sent anything."""
        return self._head_bytes > 0

    @property
    def ended(self) -> bool:
        """Whether all that there is of the response was fed."""
        return self.complete or self._broken

    @property
    def reusable(self) -> bool:
        """Whether the connection may carry another request after this response."""
        return self.complete and not self._broken and self.should_keep_alive()

    def take(self) -> bytes:
        """Return the part of the body that was fed and not yet taken. Raises RemoteProtocolError after it."""
        if self._error and not self._body:
            raise self._error
        body = b"".join(self._body)
        self._body.clear()
        return body

    def feed(self, data: bytes) -> None:  # type: ignore[override]  # bytes only, where the parser takes str too
        """Read on; no bytes mean that the connection has ended.

        Raises RemoteProtocolError, but with a body under way leaves that to `take`.
        """
        if not self.has_headers:
            self._head_bytes += len(data)
            if not data:
                raise httpx2.RemoteProtocolError("Server disconnected without sending a response.")
            if self._head_bytes > MAX_HEAD_BYTES:
                raise httpx2.RemoteProtocolError(f"The headers exceed {MAX_HEAD_BYTES} bytes.")
        try:
            super().feed(data)
        except HTTPParseError as error:
            self._broken = True
            self._error = None if self.complete else httpx2.RemoteProtocolError(str(error))
            if self._error and not self.has_headers:
                raise self._error from error

    # What follows is called by the parser.

    def _on_message_begin(self) -> None:
        # After the end, the server speaks unasked: nothing that it says can be trusted.
        self._broken = self.complete

    def _on_status(self, reason: str) -> None:
        if not self.complete:
            self.reason += reason.encode("latin-1")

    def _on_header_field(self, text: str) -> None:
        if self._in_value:
            self._end_header()
        self._field += text

    def _on_header_value(self, text: str) -> None:
        self._in_value = True
        self._value += text

    def _end_header(self) -> None:
        # Trailers, and what comes after the end, are nobody's headers.
        if self._field and not self.has_headers:
            self.headers.append((self._field.encode("latin-1"), self._value.rstrip(" \t").encode("latin-1")))
        self._field, self._value, self._in_value = "", "", False

    def _on_headers_complete(self) -> bool:
        self._end_header()
        if not self.has_headers:
            self.status = self.get_code()
            self.has_headers = self.status >= 200
        if not self.has_headers:
            self.headers.clear()
            self.reason = b""
        return self._bodiless

    def _on_body(self, data: bytearray) -> None:
        if not self.complete:
            self._body.append(data)

    def _on_message_complete(self) -> None:
        self.complete = self.has_headers
