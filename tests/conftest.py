"""What every test may rely on: one unit of time, and free ports."""

import os
import socket

import pytest

MS = 0.001 * float(os.environ.get("TESTS_TIME_SCALE", "1"))
"""One millisecond of test time in seconds. TESTS_TIME_SCALE=2 gives a slow machine twice as long."""


def free_port() -> int:
    """Ask the kernel for a port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture
def port() -> int:
    return free_port()
