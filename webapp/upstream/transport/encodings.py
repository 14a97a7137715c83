"""Bodies that are compressed although nobody asked → their bytes, as they come."""

from __future__ import annotations

import time
import zlib

import httpx2

from webapp.upstream.transport.body import Body

PLAIN = {"", "identity", "none", "utf-8", "utf8", "binary", "8bit", "chunked"}
"""What servers write into Content-Encoding for nothing."""
_WINDOW_BITS = {"gzip": 47, "x-gzip": 47, "deflate": 47}
"""Of zlib, which then finds out by itself whether it is gzip or zlib."""
MOST_BYTES = 16 * 1024
"""What one read may unfold to before the rest waits, and others have their turn."""
TURN_SECONDS = 0.0002


def decoded(body: Body, encoding: str) -> Body:
    """Return the body as it was before it was encoded. Raises httpx2.DecodingError."""
    name = encoding.strip().lower()
    if name in PLAIN:
        return body
    if name not in _WINDOW_BITS:
        body.close()
        raise httpx2.DecodingError(f"The answer is compressed, which was not asked for: {name[:40]!r}")
    return UnzippedBody(body, _WINDOW_BITS[name])


class UnzippedBody:
    """A Body of what another one holds compressed."""

    def __init__(self, body: Body, window_bits: int) -> None:
        self._body = body
        self._zlib = zlib.decompressobj(window_bits)

    def read_available(self, timeout: float | None) -> bytes:
        """As Body has it."""
        while True:
            folded = self._zlib.unconsumed_tail
            if folded:
                time.sleep(TURN_SECONDS)
            else:
                folded = self._body.read_available(timeout)
            if not folded:
                if not self._zlib.eof:
                    raise httpx2.RemoteProtocolError("The compressed answer ended before its end")
                return b""
            try:
                data = self._zlib.decompress(folded, MOST_BYTES)
            except zlib.error as error:
                raise httpx2.DecodingError(str(error)) from None
            if data:
                return data

    def release(self) -> None:
        """As Body has it."""
        self._body.release()

    def close(self) -> None:
        """As Body has it."""
        self._body.close()
