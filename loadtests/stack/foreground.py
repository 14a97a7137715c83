"""Runs the app and the mock in the foreground until Ctrl-C or the end of one of them."""

import multiprocessing
import os
import signal
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import click
from honcho.manager import Manager

from loadtests.rig import HOST, ROOT, await_that
from loadtests.stack import leash
from loadtests.stack.background import READY_SECONDS, answers
from loadtests.stack.procfile import PortError, environments, leashed, port_setting, process_lines

PORT = 8000
MOCK_PORT = 8001
STOPPED_BY_US = {128 + signal.SIGINT, 128 + signal.SIGTERM}

WELCOME = """
First Token is running.

  Open   http://{host}:{port}/
  or     curl -N http://{host}:{port}/chat -H 'Content-Type: application/json' \\
           -d '{{"prompt": "Write an 800-word essay on quantum mechanics"}}'

The mock LLM behind it answers on http://{host}:{mock_port}/v1. Ctrl-C stops both.
"""


def run(environ: Mapping[str, str], start: Callable[[int, int], int]) -> int:
    """Start what the environment asks for; the exit code, after one line on stderr if that is impossible."""
    try:
        return start(port_setting(environ, "PORT", PORT), port_setting(environ, "MOCKLLM_PORT", MOCK_PORT))
    except PortError as error:
        click.echo(error, err=True)
        return 1


def in_foreground(port: int, mock_port: int) -> int:
    """Run both until one ends or somebody stops them; the exit code."""
    manager = Manager()
    with tempfile.TemporaryDirectory(prefix="first-token-") as folder:
        lock = Path(folder) / "lock"
        leash.hold(lock)
        for name, environment in environments(port, mock_port, os.environ).items():
            manager.add_process(name, leashed(process_lines()[name], lock), env=environment, cwd=ROOT)
        # A closed terminal ends what Ctrl-C ends; honcho itself leaves the processes running.
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
        # A process and not a thread: honcho forks, which with threads about can deadlock.
        multiprocessing.Process(target=welcome, args=(port, mock_port), daemon=True).start()
        manager.loop()
    return exit_code(manager.returncode)


def welcome(port: int, mock_port: int) -> None:
    """Say where to go as soon as both answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if await_that(lambda: answers(mock_port) and answers(port), READY_SECONDS):
        click.echo(WELCOME.format(host=HOST, port=port, mock_port=mock_port))
    else:
        click.echo(f"No answer after {READY_SECONDS:.0f} s; the lines above may say why.", err=True)


def exit_code(status: int | None) -> int:
    """Ours for honcho's: being stopped is success; a process that ends by itself is not, whatever it says."""
    if status in STOPPED_BY_US:
        return 0
    return 128 - status if status and status < 0 else status or 1
