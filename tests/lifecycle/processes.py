"""The processes of a running stack, and what they hold."""

import time

import psutil

from loadtests.stack import Stack

PATIENCE_SECONDS = 20.0


def client_ports(worker: psutil.Process, port: int) -> set[int]:
    """The ports of the clients that a worker serves."""
    connections = worker.net_connections("tcp")
    return {found.raddr.port for found in connections if found.laddr.port == port and found.raddr}


def ended(stack: Stack) -> tuple[int, float]:
    """Wait for the end of the app; returns its exit code and when that was."""
    code = stack.processes["web"].wait(PATIENCE_SECONDS)
    return code, time.monotonic()
