import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from mockllm import MockLLMServer
from tests.mockllm.calls import Caller
from tests.waiting import until

ROOT = Path(__file__).parents[3]


def test_it_answers_while_open_and_is_gone_after() -> None:
    with MockLLMServer(seed=7, profile="instant") as server:
        with urllib.request.urlopen(f"{server.url}/healthz", timeout=5) as answer:
            assert json.load(answer)["status"] == "ok"
        assert server.base_url == f"{server.url}/v1"
        pid = server.pid
    assert is_gone(pid)


def test_a_setting_that_makes_no_sense_is_told() -> None:
    with pytest.raises(
        RuntimeError, match=r"exit code 2: mockllm: MOCKLLM_PROFILE: expected one of .*'warp'"
    ):
        MockLLMServer(profile="warp").start()


def test_a_start_that_takes_too_long_is_told() -> None:
    server = MockLLMServer(start_seconds=0.001)
    with pytest.raises(RuntimeError, match=r"did not start: no URL within 0\.001 seconds"):
        server.start()
    with pytest.raises(RuntimeError, match="not running"):
        server.pid  # noqa: B018 - reading it raises


def test_what_it_logs_is_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    with MockLLMServer(profile="instant", log_level="info") as server:
        caller = Caller(server.url)
        with pytest.raises((ConnectionError, http.client.IncompleteRead)):
            caller.chat(model="mock-reset@2", stream=True)
        caller.call("GET", "/v1/models")
    log = capsys.readouterr().err
    assert "POST /v1/chat/completions mock-reset@2 200 cut, 2 tokens in 0." in log
    assert ", fault reset@2\n" in log
    assert "GET /v1/models - 200 complete\n" in log


def test_stopping_twice_is_harmless() -> None:
    server = MockLLMServer().start()
    with pytest.raises(RuntimeError, match="running already"):
        server.start()
    server.stop()
    server.stop()
    with pytest.raises(RuntimeError, match="not running"):
        server.pid  # noqa: B018 - reading it raises


@pytest.mark.patient
def test_it_dies_with_its_parent() -> None:
    script = (
        "from mockllm import MockLLMServer; s = MockLLMServer().start(); print(s.pid, flush=True); input()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    (worker,) = workers_of(pid)
    os.kill(worker, signal.SIGKILL)
    # What watches standard input is a worker, and one that takes the place of another watches, too.
    until(lambda: workers_of(pid) not in ([], [worker]))
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    deadline = time.monotonic() + 10
    while not is_gone(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert is_gone(pid)


def workers_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # Without a parent to collect it, a process that ended may stay as a zombie.
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] == "Z"
