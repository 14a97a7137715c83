"""Free ports on this machine, for servers that are about to start."""

import contextlib
import random
import socket

HOST = "127.0.0.1"
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
