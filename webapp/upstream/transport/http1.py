"""HTTP/1.1 as bytes: a request to send, a response read by geventhttpclient's C parser (llhttp). No sockets.

Where a server breaks the rules, what is raised is what httpx2's own transport raises for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

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
    """One response to one request, read from bytes in any cut.

    `feed_head` until it has the headers, then `feed`, which is the parser's own and raises HTTPParseError;
    that goes to `break_off`. No bytes stand for the end of the connection.
    """

    def __init__(self, method: str) -> None:
        super().__init__()
        self.begun = False
        """Whether the server has sent anything."""
        self.has_headers = False
        self.ended = False
        """Whether nothing more of the response will come."""
        self.error: httpx2.RemoteProtocolError | None = None
        """Why the body ended before its end."""
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.reason = b""
        self.body: list[bytearray] = []
        """What was fed of the body and not yet taken out."""
        self._bodiless = method == "HEAD"
        self._head_bytes = 0
        self._surplus = False
        self._field, self._value = "", ""
        self._in_value = False
        # Called by the parser for each piece: a method of ours would cost more than the rest of the parsing.
        self._on_body: Callable[[bytearray], object] = self.body.append

    @property
    def reusable(self) -> bool:
        """Whether the connection may carry another request after this response."""
        return self.ended and not self.error and not self._surplus and self.should_keep_alive()

    def feed_head(self, data: bytes) -> None:
        """Read on before the headers are complete. Raises RemoteProtocolError."""
        if not data:
            raise httpx2.RemoteProtocolError("Server disconnected without sending a response.")
        self.begun = True
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES:
            raise httpx2.RemoteProtocolError(f"The headers exceed {MAX_HEAD_BYTES} bytes.")
        try:
            self.feed(data)
        except HTTPParseError as error:
            self.break_off(error)
            if self.error and not self.has_headers:
                raise self.error from error

    def break_off(self, error: HTTPParseError) -> None:
        """Note that the parser could not read on: the body is broken, or what follows it is nonsense."""
        self._surplus = self.ended
        if not self.ended:
            self.error = httpx2.RemoteProtocolError(str(error))
            self.ended = True

    # What follows is called by the parser.

    def _on_message_begin(self) -> None:
        # After the end, the server speaks unasked: nothing that it says can be trusted.
        self._surplus = self.ended

    def _on_status(self, reason: str) -> None:
        if not self.ended:
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

    def _on_message_complete(self) -> None:
        self.ended = self.has_headers
        if self.ended:
            self._on_body = bytearray  # which keeps nothing
