"""`make run` as a process: the real lines, a real Ctrl-C."""

import importlib.metadata
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from loadtests.rig import HOST, ROOT, await_that, free_port, is_free
from loadtests.stack import Stack
from loadtests.stack.foreground import WELCOME, exit_code, run
from tests.conftest import MS


@dataclass
class Foreground:
    process: subprocess.Popen[str]
    port: int
    mock_port: int
    printed: str = ""

    def read_until(self, pattern: str) -> re.Match[str]:
        """What the command has printed up to the pattern."""
        assert self.process.stdout is not None
        while not (found := re.search(pattern, self.printed)):
            line = self.process.stdout.readline()
            assert line, self.printed
            self.printed += line
        return found

    def end(self) -> int:
        """Wait for the end; the exit code."""
        assert self.process.stdout is not None
        self.printed += self.process.stdout.read()
        return self.process.wait(20)


@pytest.fixture
def foreground(tmp_path: Path) -> Iterator[Foreground]:
    """It may be killed, which leaves its folder behind."""
    port, mock_port = free_port(), free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "loadtests.stack"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port), "MOCKLLM_PORT": str(mock_port), "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with process:
        yield Foreground(process, port, mock_port)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def wait_until_free(*ports: int) -> bool:
    return await_that(lambda: all(is_free(port) for port in ports), 10_000 * MS)


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGHUP, marks=pytest.mark.thorough)])
def test_it_says_where_to_go_and_stops_quietly(foreground: Foreground, number: signal.Signals) -> None:
    foreground.read_until(r"Ctrl-C stops both\.\n")
    assert foreground.printed.endswith(welcome(foreground.port, foreground.mock_port))
    os.killpg(foreground.process.pid, number)  # as a terminal does
    assert foreground.end() == 0, foreground.printed
    assert "Traceback" not in foreground.printed
    assert wait_until_free(foreground.port, foreground.mock_port)


def welcome(port: int, mock_port: int) -> str:
    return WELCOME.format(host=HOST, port=port, mock_port=mock_port)


def test_the_curl_line_streams(stack: Stack) -> None:
    said = welcome(stack.port, stack.mock_port)
    assert f"Open   {stack.url}/\n" in said
    assert f"{stack.mock_url}/v1." in said
    command = said[said.index("curl -N") :].partition("\n\n")[0]
    started = time.monotonic()
    streamed = subprocess.Popen(
        command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with streamed:
        assert streamed.stdout is not None
        assert streamed.stdout.readline().startswith('data: {"type":"start"')
        assert streamed.stdout.readline() == "\n"
        assert streamed.stdout.readline().startswith('data: {"type":"delta"')
        assert 0.5 < time.monotonic() - started < 20
        streamed.kill()


@pytest.mark.thorough
def test_one_that_dies_takes_the_other_along(foreground: Foreground) -> None:
    foreground.read_until(r"Ctrl-C stops both")
    pid = int(foreground.read_until(r"mockllm started \(pid=(\d+)\)")[1])
    os.kill(pid, signal.SIGKILL)
    assert foreground.end() == 128 + signal.SIGKILL, foreground.printed
    assert wait_until_free(foreground.port, foreground.mock_port)


def test_a_killed_command_leaves_nothing_behind(foreground: Foreground) -> None:
    foreground.read_until(r"Ctrl-C stops both")
    os.killpg(foreground.process.pid, signal.SIGKILL)
    foreground.process.wait()
    assert wait_until_free(foreground.port, foreground.mock_port)


def test_a_taken_port_is_one_line_and_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert run({"PORT": str(port)}, lambda *_: 0) == 1
        assert capsys.readouterr().err == f"PORT: port {port} is taken; set PORT to a free one\n"
        assert run({"PORT": str(free_port()), "MOCKLLM_PORT": str(port)}, lambda *_: 0) == 1
        assert (
            capsys.readouterr().err == f"MOCKLLM_PORT: port {port} is taken; set MOCKLLM_PORT to a free one\n"
        )


def test_the_ports_are_passed_on() -> None:
    port, mock_port = free_port(), free_port()
    seen = []
    run({"PORT": str(port), "MOCKLLM_PORT": str(mock_port)}, lambda *ports: seen.append(ports) or 0)
    assert seen == [(port, mock_port)]


@pytest.mark.parametrize(
    ("status", "code"),
    [(130, 0), (143, 0), (0, 1), (None, 1), (1, 1), (3, 3), (-9, 137), (-15, 143)],
)
def test_only_being_stopped_is_success(status: int | None, code: int) -> None:
    assert exit_code(status) == code


def test_it_needs_nothing_that_make_run_does_not_install() -> None:
    program = "import sys; there = {*sys.modules}; import loadtests.stack.foreground; print(*{*sys.modules} - there)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    owners = importlib.metadata.packages_distributions()
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    needed = {normalized(owner) for name in loaded for owner in owners.get(name, ())}

    installed = re.findall(r"(?m)^([\w.-]+)(?:\[[\w,]+\])?==", (ROOT / "requirements.txt").read_text())
    assert "honcho" in needed
    assert needed - {normalized(name) for name in installed} - {"honcho", "firsttoken-mockllm"} == set()


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
