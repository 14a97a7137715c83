"""The app and the mock as real processes in the background: `with Stack() as stack: ... stack.url`."""

import contextlib
import http.client
import os
import ssl
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

from loadtests.rig import HOST, ROOT, end_groups, free_port
from loadtests.stack import leash
from loadtests.stack.procfile import environments, leashed, process_lines

if TYPE_CHECKING:
    import psutil

READY_SECONDS = 30.0
STOP_SECONDS = 5.0
POLL_SECONDS = 0.02
SHOWN_CHARACTERS = 4_000
STEADY = {"CHAT_SYSTEM_PROMPT": "", "CHAT_LOG_LEVEL": "warning"}
"""An `env` for answers that are compared: a system prompt would be part of what the mock answers."""


class StackError(Exception):
    """The stack did not come up; the message ends with what the process in question printed last."""


class Stack:
    """Both process lines of the Procfile on 127.0.0.1, ended with this process, even if it is killed.

    `env` is laid over the environment of both; ports default to free ones. With `tls` the app is asked over
    https whether it answers: for an `env` that makes gunicorn speak it.
    """

    def __init__(
        self,
        *,
        port: int | None = None,
        mock_port: int | None = None,
        env: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.port = port or free_port()
        self.mock_port = mock_port or free_port()
        self.url = f"{'https' if tls else 'http'}://{HOST}:{self.port}"
        self.mock_url = f"http://{HOST}:{self.mock_port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._env = dict(env or {})
        self._tls = tls
        self._logs: dict[str, Path] = {}
        self._cleanup = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start both and wait until they answer; raises StackError if one of them dies or keeps silent."""
        folder = Path(self._cleanup.enter_context(tempfile.TemporaryDirectory(prefix="first-token-")))
        self._cleanup.callback(os.close, leash.hold(folder / "lock"))
        self._cleanup.callback(self._end_processes)
        try:
            for name, environment in environments(self.port, self.mock_port, os.environ).items():
                self._spawn(name, {**environment, **self._env}, folder)
            deadline = time.monotonic() + READY_SECONDS
            self._await("mockllm", self.mock_port, deadline)
            self._await("web", self.port, deadline, self._tls)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End both with everything they started; a second call does nothing."""
        self._cleanup.close()

    def output(self, name: str) -> str:
        """What the running process of that name has printed so far."""
        return self._logs[name].read_text(errors="replace")

    def workers(self) -> list["psutil.Process"]:
        """gunicorn's workers: its children, but for the one that watches over the stack."""
        import psutil  # noqa: PLC0415 - nothing that `make run` installs

        children = psutil.Process(self.processes["web"].pid).children()
        return [child for child in children if "gunicorn" in " ".join(child.cmdline())]

    def _spawn(self, name: str, environment: Mapping[str, str], folder: Path) -> None:
        self._logs[name] = folder / f"{name}.log"
        with self._logs[name].open("wb") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S602 - a Procfile's lines are shell commands
                leashed(process_lines()[name], folder / "lock"),
                shell=True,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _await(self, name: str, port: int, deadline: float, tls: ssl.SSLContext | None = None) -> None:
        while not answers(port, tls):
            status = self.processes[name].poll()
            if status is not None:
                raise StackError(f"{name} ended with status {status}:\n{self._last_printed(name)}")
            if time.monotonic() > deadline:
                raise StackError(f"{name} is silent on port {port}; it printed:\n{self._last_printed(name)}")
            time.sleep(POLL_SECONDS)

    def _last_printed(self, name: str) -> str:
        return self.output(name)[-SHOWN_CHARACTERS:]

    def _end_processes(self) -> None:
        end_groups(self.processes.values(), STOP_SECONDS)
        self.processes.clear()


def answers(port: int, tls: ssl.SSLContext | None = None) -> bool:
    """Whether `GET /healthz` on this port says 200."""
    if tls:
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            HOST, port, timeout=1, context=tls
        )
    else:
        connection = http.client.HTTPConnection(HOST, port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
