"""The app and the mock as real processes in the background: `with Stack() as stack: ... stack.url`."""

import contextlib
import http.client
import os
import ssl
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

from loadtests.rig import HOST, Program, StartError, end_groups, fetched, free_port
from loadtests.stack import leash
from loadtests.stack.procfile import environments, leashed, process_lines

if TYPE_CHECKING:
    import psutil

READY_SECONDS = 30.0
STOP_SECONDS = 5.0
STEADY = {"CHAT_SYSTEM_PROMPT": "", "CHAT_LOG_LEVEL": "warning"}
"""An `env` for answers that are compared: a system prompt would be part of what the mock answers."""


class Stack:
    """Both process lines of the Procfile on 127.0.0.1, ended with this process, even if it is killed.

    `env` is laid over the environment of both; ports default to free ones. With `tls` the app is asked over
    https whether it answers: for an `env` that makes gunicorn speak it. With `unread` the app prints into a
    pipe that nobody reads.
    """

    def __init__(
        self,
        *,
        port: int | None = None,
        mock_port: int | None = None,
        env: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        unread: bool = False,
    ) -> None:
        self.port = port or free_port()
        self.mock_port = mock_port or free_port()
        self.url = f"{'https' if tls else 'http'}://{HOST}:{self.port}"
        self.mock_url = f"http://{HOST}:{self.mock_port}"
        self.processes: dict[str, Program] = {}
        self._env = dict(env or {})
        self._tls = tls
        self._unread = unread
        self._cleanup = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start both and wait until they answer; raises StartError if one of them dies or keeps silent."""
        folder = Path(self._cleanup.enter_context(tempfile.TemporaryDirectory(prefix="first-token-")))
        self._cleanup.callback(os.close, leash.hold(folder / "lock"))
        self._cleanup.callback(self._end_processes)
        try:
            for name, environment in environments(self.port, self.mock_port, os.environ).items():
                line = leashed(process_lines()[name], folder / "lock")
                log = folder / f"{name}.log"
                if self._unread and name == "web":
                    os.mkfifo(log)
                    self._cleanup.callback(os.close, os.open(log, os.O_RDONLY | os.O_NONBLOCK))
                self.processes[name] = Program(line, log, env={**environment, **self._env})
            self._await("mockllm", self.mock_port)
            self._await("web", self.port, self._tls)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End both with everything they started; a second call does nothing."""
        self._cleanup.close()

    def output(self, name: str) -> str:
        """What the running process of that name has printed so far; nothing where that is not read."""
        return self.processes[name].printed()

    def workers(self) -> list["psutil.Process"]:
        """gunicorn's workers: its children, but for the one that watches over the stack."""
        import psutil  # noqa: PLC0415 - nothing that `make run` installs

        children = psutil.Process(self.processes["web"].pid).children()
        return [child for child in children if "gunicorn" in " ".join(child.cmdline())]

    def _await(self, name: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        try:
            self.processes[name].await_ready(lambda: answers(port, tls), READY_SECONDS, f"on port {port}")
        except StartError as error:
            raise StartError(f"{name} {error}") from None

    def _end_processes(self) -> None:
        end_groups(self.processes.values(), STOP_SECONDS)
        self.processes.clear()


def answers(port: int, tls: ssl.SSLContext | None = None) -> bool:
    """Whether `GET /healthz` on this port says 200."""
    try:
        return fetched(port, "/healthz", tls=tls, seconds=1)[0] == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
