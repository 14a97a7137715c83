"""A client's connection whose writes take the short way as long as the client keeps up."""

from __future__ import annotations

from typing import Any

from gevent import socket, ssl


class ClientSocket(socket.socket):
    """gevent's socket, but that `sendall` first tries to send, before it makes ready for anything else.

    A token is a few hundred bytes, and nearly always the kernel takes it whole; gevent's own way, which asks
    for the size of the send buffer and slices a memoryview, costs as much as the sending.
    """

    __slots__ = ()

    @classmethod
    def in_place_of(cls, sock: Any) -> Any:
        """Take the connection over; the socket given holds none afterwards. One of TLS stays what it is."""
        if isinstance(sock, ssl.SSLSocket):
            return sock
        return cls(sock.family, sock.type, sock.proto, sock.detach())

    def sendall(self, data: Any, flags: int = 0) -> None:
        """As socket.socket has it."""
        if isinstance(data, bytes):
            try:
                sent = self._sock.send(data, flags)  # type: ignore[attr-defined]  # the socket that gevent wraps
            except BlockingIOError:
                sent = 0
            if sent == len(data):
                return
            data = memoryview(data)[sent:]
        super().sendall(data, flags)
