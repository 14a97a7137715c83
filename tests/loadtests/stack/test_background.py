import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from loadtests.rig import ROOT, StartError, await_that, free_port, is_free
from loadtests.stack import background
from loadtests.stack.background import Stack
from tests.conftest import MS

SERVER = """
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
print("listening", os.environ.get("SHOWN"), flush=True)
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """The process lines, which a test may change: two small servers."""
    (tmp_path / "server.py").write_text(SERVER)
    lines = dict.fromkeys(("web", "mockllm"), f"{sys.executable} {tmp_path / 'server.py'}")
    monkeypatch.setattr(background, "process_lines", lambda: lines)
    return lines


def has_ended(process: psutil.Process) -> bool:
    """Whether a process is gone, or only waits for an init that takes its time to reap it."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def are_gone(processes: list[psutil.Process]) -> bool:
    return await_that(lambda: all(map(has_ended, processes)), 10_000 * MS)


def test_both_answer_and_then_nothing_is_left(lines: dict[str, str]) -> None:
    with Stack(env={"SHOWN": "yes"}) as running:
        assert background.answers(running.port)
        assert background.answers(running.mock_port)
        assert (running.url, running.mock_url) == (
            f"http://127.0.0.1:{running.port}",
            f"http://127.0.0.1:{running.mock_port}",
        )
        assert running.output("web").startswith("listening yes\n")
        members = [psutil.Process(process.pid) for process in running.processes.values()]
        members += [child for member in members for child in member.children(recursive=True)]
    assert len(members) == 4
    assert are_gone(members)
    assert is_free(running.port)


def test_a_second_stop_does_nothing(lines: dict[str, str]) -> None:
    running = Stack()
    running.start()
    running.stop()
    running.stop()


def test_the_ports_can_be_chosen(lines: dict[str, str]) -> None:
    port, mock_port = free_port(), free_port()
    with Stack(port=port, mock_port=mock_port) as running:
        assert (running.port, running.mock_port) == (port, mock_port)


def test_one_that_dies_is_shown_with_its_last_words(lines: dict[str, str]) -> None:
    lines["web"] = f"{sys.executable} -c 'import sys; sys.exit(\"no key, no chat\")'"
    with pytest.raises(StartError, match=r"(?s)web ended with status 1; it printed:.no key, no chat"):
        Stack().start()


def test_one_that_dies_with_nobody_to_read_its_last_words(lines: dict[str, str]) -> None:
    lines["web"] = "sh -c 'exit 3'"
    with pytest.raises(StartError, match=r"web ended with status 3"):
        Stack(unread=True).start()


def test_one_that_keeps_silent_is_given_up(lines: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "READY_SECONDS", 500 * MS)
    lines["mockllm"] = f"{sys.executable} -uc 'import time; print(\"thinking\"); time.sleep(60)'"
    with pytest.raises(StartError, match=r"(?s)mockllm is silent on port \d+; it printed:.thinking"):
        Stack().start()


def test_one_that_ignores_sigterm_is_killed(lines: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "STOP_SECONDS", 200 * MS)
    lines["web"] = lines["mockllm"].replace("server.py", "stubborn.py")
    path = Path(lines["web"].split()[1])
    path.write_text(f"import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n{SERVER}")
    running = Stack()
    running.start()
    started = time.monotonic()
    running.stop()
    assert 200 * MS <= time.monotonic() - started < 3
    assert is_free(running.port)


OWNER = """
import time
from loadtests.stack.background import Stack
with Stack() as running:
    print(*(process.pid for process in running.processes.values()), flush=True)
    time.sleep(60)
"""


def test_the_real_stack_dies_with_an_owner_that_is_killed(tmp_path: Path) -> None:
    leaves_behind = {**os.environ, "TMPDIR": str(tmp_path)}
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER], cwd=ROOT, env=leaves_behind, stdout=subprocess.PIPE, text=True
    )
    with owner:
        assert owner.stdout is not None
        leaders = [psutil.Process(int(pid)) for pid in owner.stdout.readline().split()]
        members = [*leaders, *(child for leader in leaders for child in leader.children(recursive=True))]
        owner.kill()
    assert len(members) >= 5
    assert are_gone(members)
