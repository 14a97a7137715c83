"""What the kernel holds of an answer until its client has taken it: bounded, watched, thrown away."""

from __future__ import annotations

import socket
import struct
import sys
from contextlib import suppress

UNSENT_BYTES = 64 * 1024
"""How much may wait in the kernel beside what is on its way; if nobody says, Linux lets 4 MB wait.

Few answers are longer than this, so whoever reads at all does not notice, and other than a small send buffer
it leaves the speed of a distant client alone.
"""

# struct tcp_info of Linux 4.2 and later: tcpi_bytes_acked.
_TCP_INFO_BYTES = 128
_BYTES_ACKED_AT = 120
_DROP_UNSENT = struct.pack("ii", 1, 0)


def bound(sock: socket.socket) -> None:
    """Limit what waits, where the system can: Linux and macOS."""
    option = getattr(socket, "TCP_NOTSENT_LOWAT", None)
    if option is not None:
        with suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, option, UNSENT_BYTES)


def taken_bytes(sock: socket.socket) -> int:
    """Return how many bytes the client's system has taken so far; always 0 where no kernel says."""
    if sys.platform != "linux":
        return 0
    try:
        info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
    except OSError:
        return 0
    return int(struct.unpack_from("=Q", info, _BYTES_ACKED_AT)[0]) if len(info) == _TCP_INFO_BYTES else 0


def reset_when_closed(sock: socket.socket) -> None:
    """Have the close throw away what waits, and tell the client so by a reset."""
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DROP_UNSENT)


def cut(sock: socket.socket) -> None:
    """End the connection at once, and throw away what waits: an ordinary close goes on offering it."""
    reset_when_closed(sock)
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
