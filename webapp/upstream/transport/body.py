"""The bytes of an upstream's answer, to be read by a stream that has other things to do while it waits."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from typing import Protocol, cast

import httpx2

DRAIN_SECONDS = 0.1
DRAIN_BYTES = 64 * 1024

_READS_AHEAD = 16


class Body(Protocol):
    """An answer under way. One stream at a time reads it."""

    def read_available(self, timeout: float | None) -> bytes:
        """Return all bytes that are there, waiting up to `timeout` seconds for the first; b"" at the end.

        Raises httpx2.ReadTimeout if nothing came in time, after which the reading may go on, and another
        httpx2.TransportError if the answer broke off.
        """

    def release(self) -> None:
        """Let go of an answer that has said all: its connection is kept if its end comes soon."""

    def close(self) -> None:
        """Let go of an answer at once, closing its connection unless it was released or read to its end."""


class PendingBody(Protocol):
    """An answer that is asked for, whose body is waited for."""

    def result(self, timeout: float) -> Body | None:
        """Wait up to `timeout` seconds for the body; None if it is not there yet.

        Raises what keeps it from coming, once: openai.OpenAIError, httpx2.TransportError.
        """

    def cancel(self) -> Body | None:
        """Give it up without a wait; returns the body if it is there all the same, to be closed."""


def drain(body: Body) -> None:
    """Read what follows an answer's last word, for DRAIN_SECONDS and DRAIN_BYTES at most."""
    until = time.monotonic() + DRAIN_SECONDS
    size = 0
    with contextlib.suppress(httpx2.TransportError):
        while size <= DRAIN_BYTES and (left := until - time.monotonic()) > 0:
            data = body.read_available(left)
            if not data:
                break
            size += len(data)


class ThreadedBody:
    """A Body over any httpx2 response to which a read timeout would be fatal: a thread waits in its place."""

    def __init__(self, response: httpx2.Response) -> None:
        self._response = response
        self._stream = cast(httpx2.SyncByteStream, response.stream)
        # httpx2's transport reads this when the body's reading starts. The limit is the reader's to keep.
        response.request.extensions["timeout"]["read"] = None
        self._reads: queue.Queue[bytes | httpx2.TransportError] = queue.Queue(_READS_AHEAD)
        self._end: httpx2.TransportError | None = None
        self._ended = False
        self._lock = threading.Lock()
        self._closed = False
        self._exhausted = False
        threading.Thread(target=self._read_ahead, name="upstream body", daemon=True).start()

    def read_available(self, timeout: float | None) -> bytes:
        """As Body has it."""
        parts: list[bytes] = []
        while not self._ended:
            try:
                read = self._reads.get(block=not parts, timeout=timeout)
            except queue.Empty:
                break
            if isinstance(read, bytes) and read:
                parts.append(read)
                continue
            self._ended = True
            self._end = None if isinstance(read, bytes) else read
        if parts:
            return b"".join(parts)
        if not self._ended:
            raise httpx2.ReadTimeout("The read operation timed out")
        if self._end:
            raise self._end
        return b""

    def release(self) -> None:
        """As Body has it. Waits for the end itself."""
        drain(self)
        self.close()

    def close(self) -> None:
        """As Body has it."""
        with self._lock:
            self._closed = True
            if self._exhausted:
                return
            # A socket that is closed does not wake the thread that reads from it; one that is shut down does.
            sock = self._response.extensions["network_stream"].get_extra_info("socket")
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        with contextlib.suppress(queue.Empty):
            while True:
                self._reads.get_nowait()

    def _read_ahead(self) -> None:
        end: bytes | httpx2.TransportError = httpx2.ReadError("The reading was given up")
        try:
            # Not iter_raw: it would give the connection back before close() knows not to touch it.
            for data in self._stream:
                self._reads.put(data)
                if self._closed:
                    return
            with self._lock:
                self._exhausted = True
            end = b""
        except httpx2.TransportError as error:
            end = error
        finally:
            self._response.close()
            self._reads.put(end)
