"""A Redis of a test's own, that it may kill and bring back."""

import signal
import socket
from pathlib import Path
from typing import Self

from loadtests.rig import Program
from tests.programs import REDIS, required

START_SECONDS = 10


class RedisProcess:
    """redis-server on a port of 127.0.0.1, keeping nothing on disk."""

    def __init__(self, port: int, folder: Path) -> None:
        self.url = f"redis://127.0.0.1:{port}/0"
        self._port = port
        self._folder = folder
        self._process: Program | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        listening = ["--bind", "127.0.0.1", "--port", str(self._port), "--dir", str(self._folder)]
        command = [required(REDIS), *listening, "--save", "", "--appendonly", "no", "--loglevel", "warning"]
        self._process = Program(command, self._folder / "redis.txt")
        self._process.await_ready(self._answers, START_SECONDS, f"on port {self._port}")

    def freeze(self) -> None:
        """Let it hold its connections and answer none: what a network that swallows packets looks like."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), 1) as sock:
                sock.sendall(b"PING\r\n")
                return sock.recv(16).startswith(b"+PONG")
        except OSError:
            return False
