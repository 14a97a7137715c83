"""Where lines of the log are written without a wait: who reads them slowly, or not at all, stops no stream.

A pipe holds 64 KiB. Once it is full, a write to it waits for its reader, and so do all answers of a worker.
"""

from __future__ import annotations

import os
import select
import stat
from contextlib import suppress
from typing import Any

from gevent import monkey

_ATOMIC_BYTES = 4096
"""What a pipe takes whole or not at all (PIPE_BUF of Linux)."""


class LogStream:
    """Writes to a file descriptor whose other end may be slow; what finds no room is dropped, and counted.

    A pipe is opened anew: the flag that a write shall not wait belongs to the opening, which is otherwise
    shared with all who write to it. Where that cannot be, each write is preceded by a look for room.
    """

    def __init__(self, descriptor: int) -> None:
        self.dropped = 0
        """How many lines have found no room since one last did."""
        self._file = descriptor
        self._asks = not stat.S_ISREG(os.fstat(descriptor).st_mode)
        if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            with suppress(OSError):
                self._file = os.open(f"/dev/fd/{descriptor}", os.O_WRONLY | os.O_NONBLOCK)
                self._asks = False
        self._rest = b""

    def write(self, text: str) -> None:
        """Write a line, or none of it. Raises OSError when nobody will ever read it."""
        line = text.encode("utf-8", "backslashreplace")
        if self.dropped:
            line = b'{"event":"lines dropped","level":"warning","lines":%d}\n' % self.dropped + line
        self._rest = self._left_of(self._rest)
        if self._rest:
            self.dropped += 1
            return
        left = self._left_of(line)
        if len(left) == len(line):
            self.dropped += 1
            return
        # The beginning of a long line is out: the rest of it goes before the next.
        self._rest, self.dropped = left, 0

    def flush(self) -> None:
        """Do nothing: nothing is kept but the rest of a line, which waits for the next."""

    def _left_of(self, data: bytes) -> bytes:
        left = memoryview(data)
        while left and self._has_room():
            try:
                left = left[os.write(self._file, left[:_ATOMIC_BYTES]) :]
            except BlockingIOError:
                break
        return bytes(left)

    def _has_room(self) -> bool:
        if not self._asks:
            return True
        # gevent's own would wait for its loop.
        poll: Any = monkey.get_original("select", "poll")()
        poll.register(self._file, select.POLLOUT)
        return bool(poll.poll(0))
