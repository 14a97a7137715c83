"""The Procfile's web process as a host starts it: its line in a shell, its environment and nothing else."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from loadtests.rig import Program, running, signal_group
from loadtests.stack import process_lines
from tests.hosts.sources import ROOT

READY_SECONDS = 40.0
STOP_SECONDS = 30.0
CONFIGURED = {"OPENAI_API_KEY": "none-needed"}
"""Without it the app starts too, and says in one line what it lacks."""
KEPT = ("HOME", "LANG", "TMPDIR", "CI")
"""What of a developer's environment a started process may see."""


@dataclass
class Started:
    """A process with all that it started, and what it has printed so far."""

    process: Program
    address: tuple[str, int] | str
    """Where it answers: host and port, or the path of a socket."""

    def printed(self) -> str:
        return self.process.printed()

    def lines(self) -> list[str]:
        return self.printed().splitlines()

    def group(self) -> list[int]:
        """The ids of all its processes."""
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,pgid="], capture_output=True, text=True, check=True
        ).stdout
        pairs = (map(int, line.split()) for line in listed.splitlines())
        return [pid for pid, group in pairs if group == self.process.pid]

    def signal_all(self, number: signal.Signals) -> None:
        """Signal every process, as Heroku does."""
        signal_group(self.process, number)

    def connection(self, host: str | None = None, timeout: float = 20) -> http.client.HTTPConnection:
        """A connection to it; over another of the machine's addresses, if one is given."""
        if isinstance(self.address, str):
            connection = http.client.HTTPConnection("localhost", timeout=timeout)
            sock = connection.sock = socket.socket(socket.AF_UNIX)
            try:
                sock.connect(self.address)
            except OSError:
                sock.close()
                raise
            return connection
        return http.client.HTTPConnection(host or self.address[0], self.address[1], timeout=timeout)

    def answers(self, host: str | None = None) -> bool:
        try:
            with closing(self.connection(host, timeout=2)) as connection:
                connection.request("GET", "/healthz")
                return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """A clean environment, in which Python is this very one."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.defpath])
    return {**kept, **CONFIGURED, "PATH": path, **own}


@contextmanager
def web_process(
    folder: Path,
    environ: Mapping[str, str],
    address: tuple[str, int] | str,
    *,
    arguments: str = "",
    line: str = "",
    root: Path = ROOT,
    ready: bool = True,
    pass_fds: Sequence[int] = (),
) -> Iterator[Started]:
    """Run the web line, or another, with arguments appended until the context ends. Raises StartError."""
    command = f"exec {line or process_lines()['web']} {arguments}"
    with running(
        command,
        folder / "output.txt",
        env=environment(environ),
        cwd=root,
        pass_fds=pass_fds,
        grace_seconds=STOP_SECONDS,
    ) as process:
        started = Started(process, address)
        if ready:
            process.await_ready(started.answers, READY_SECONDS, f"at {address}")
        yield started
