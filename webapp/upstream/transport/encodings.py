"""Bodies that are compressed although nobody asked → their bytes, as they come."""

from __future__ import annotations

import re
import time
import zlib

import httpx2

from webapp.upstream.transport.body import Body

PLAIN = {"", "identity", "none", "utf-8", "utf8", "binary", "8bit", "chunked"}
"""What servers write into Content-Encoding for nothing."""
KNOWN = {"gzip", "x-gzip", "deflate"}
MOST_BYTES = 16 * 1024
"""What one read may unfold to before the rest waits, and others have their turn."""
TURN_SECONDS = 0.0002
_GZIP_OR_ZLIB = 47
_BARE = -15
_GZIP = b"\x1f\x8b"
_HEAD_BYTES = 8
_AS_IT_IS = re.compile(rb"\s*(data:|event:|id:|retry:|:|[{\[]\s*[\"{}\]]|<)")
"""How a body begins that is not compressed, whatever its header says: gateways pass the header on after they
have undone it."""


def decoded(body: Body, encoding: str) -> Body:
    """Return the body as it was before it was encoded. Its reading raises httpx2.DecodingError."""
    names = [name for item in encoding.split(",") if (name := item.strip().lower()) not in PLAIN]
    return UnzippedBody(body, names) if names else body


class UnzippedBody:
    """A Body of what another one holds compressed: in one part, or in several one after the other."""

    def __init__(self, body: Body, names: list[str]) -> None:
        self._body = body
        self._names = names
        self._head: bytes | None = b""
        """What came of a part before it was clear how it is to be read."""
        self._zlib: zlib._Decompress | None = None
        self._folded = b""
        """What was read and is still to be unfolded."""
        self._is_first = True
        self._is_over = False

    def read_available(self, timeout: float | None) -> bytes:
        """As Body has it."""
        while not self._is_over:
            folded, self._folded = self._folded, b""
            if folded:
                time.sleep(TURN_SECONDS)
            elif not (folded := self._body.read_available(timeout)):
                return self._rest()
            if data := self._unfolded(folded):
                return data
        return b""

    def _rest(self) -> bytes:
        """Return what was held back of a body that has ended."""
        head, self._head = self._head, None
        if head and _AS_IT_IS.match(head):
            return head
        if head and self._is_first:
            self._begin(head)
        if self._zlib is not None:
            raise httpx2.RemoteProtocolError("The compressed answer ended before its end")
        return b""

    def _unfolded(self, folded: bytes) -> bytes:
        if self._head is not None:
            folded = self._head + folded
            self._head = folded if len(folded) < _HEAD_BYTES else None
            if self._head is not None:
                return b""
            self._begin(folded)
        if self._zlib is None:
            return b"" if self._is_over else folded
        try:
            data = self._zlib.decompress(folded, MOST_BYTES)
        except zlib.error as error:
            raise httpx2.DecodingError(str(error)) from None
        self._folded = self._zlib.unconsumed_tail
        if self._zlib.eof:
            self._folded = self._zlib.unused_data
            self._head, self._zlib, self._is_first = b"", None, False
        return data

    def _begin(self, head: bytes) -> None:
        """Look at how a part begins. Only gzip's may be several; what else follows one is padding."""
        if not self._is_first:
            self._is_over = not head.startswith(_GZIP)
        if self._is_over or (self._is_first and _AS_IT_IS.match(head)):
            return
        if len(self._names) > 1 or self._names[0] not in KNOWN:
            name = ", ".join(self._names)[:40]
            raise httpx2.DecodingError(f"The answer is compressed, which was not asked for: {name!r}")
        is_zlib = head[0] & 15 == zlib.DEFLATED and int.from_bytes(head[:2], "big") % 31 == 0
        self._zlib = zlib.decompressobj(_GZIP_OR_ZLIB if is_zlib or head.startswith(_GZIP) else _BARE)

    def release(self) -> None:
        """As Body has it."""
        self._body.release()

    def close(self) -> None:
        """As Body has it."""
        self._body.close()
