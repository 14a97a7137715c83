"""Addresses on this machine: free ports for servers that are about to start; how a connection is reset."""

import contextlib
import random
import socket
import struct

HOST = "127.0.0.1"
RESET = struct.pack("ii", 1, 0)
"""For SO_LINGER: a connection that is closed throws away what it has not sent, and tells its peer so."""
# Below those that kernels hand out for outgoing connections: none is taken between choice and use.
PORTS = range(20_000, 32_000)


def free_port() -> int:
    choices = random.SystemRandom()
    while not is_free(port := choices.choice(PORTS)):
        pass
    return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a port whose last connections still linger is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
        return True
    return False
