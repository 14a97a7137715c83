"""The processes of a running stack, and what they hold."""

import contextlib
import os
import signal
import time
from collections.abc import Iterable

import psutil

from loadtests.stack import Stack

PATIENCE_SECONDS = 20.0


def workers(stack: Stack) -> list[psutil.Process]:
    """gunicorn's workers, without the process that watches over the stack."""
    children = psutil.Process(stack.processes["web"].pid).children()
    return [child for child in children if "gunicorn" in " ".join(child.cmdline())]


def client_ports(worker: psutil.Process, port: int) -> set[int]:
    """The ports of the clients that a worker serves."""
    connections = worker.net_connections("tcp")
    return {found.raddr.port for found in connections if found.laddr.port == port and found.raddr}


def send(number: signal.Signals, process_ids: Iterable[int]) -> float:
    """Send a signal to each; returns when that was."""
    sent_at = time.monotonic()
    for process_id in process_ids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process_id, number)
    return sent_at


def ended(stack: Stack) -> tuple[int, float]:
    """Wait for the end of the app; returns its exit code and when that was."""
    code = stack.processes["web"].wait(PATIENCE_SECONDS)
    return code, time.monotonic()
